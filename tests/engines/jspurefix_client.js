// jspurefix as a client of the venue: commands come as lines of JSON on standard input, what happens goes out as
// lines of JSON on standard output. Settings: one JSON object as the only argument.
//
//   {"do": "order", "id", "side", "qty", "price", "tif", "account"}   {"do": "cancel", "id", "orig", "side", "account"}
//   {"do": "subscribe", "id", "depth"}   {"do": "book"}   {"do": "quit"}
'use strict'
require('reflect-metadata')
const readline = require('readline')
const { AsciiSession, SessionLauncher, EmptyLogFactory, MsgType } = require('jspurefix')

const settings = JSON.parse(process.argv[2])
const say = (event, fields = {}) => process.stdout.write(JSON.stringify({ event, ...fields }) + '\n')

const symbol = 'BTC-USD'
const list = entries => (entries === undefined ? [] : Array.isArray(entries) ? entries : [entries])

class Client extends AsciiSession {
  constructor (config) {
    super(config)
    this.book = { 0: new Map(), 1: new Map() } // by MDEntryType: price → quantity
    this.trades = []
  }

  onLogon () { return true }
  onReady () { say('ready') }
  onStopped (error) { say('stopped', { error: error ? error.message : null }) }
  onDecoded (type, text) { if (type === '2') say('asked-to-resend', { text: text.replaceAll('\x01', '|') }) }
  onEncoded (type, text) { if (type === '2') say('asks-for-resend', { text: text.replaceAll('\x01', '|') }) }

  onApplicationMsg (type, view) {
    if (type === '8') {
      const at = name => view.getString(name)
      say('report', {
        number: view.getTyped('MsgSeqNum'), dup: at('PossDupFlag') === 'Y', id: at('ClOrdID'), exec: at('ExecID'),
        type: at('ExecType'), status: at('OrdStatus'), last_px: at('LastPx'), last_qty: at('LastQty'), cum_qty: at('CumQty'),
        leaves_qty: at('LeavesQty'), text: at('Text')
      })
    } else if (type === 'W') {
      this.book = { 0: new Map(), 1: new Map() }
      for (const entry of list(view.toObject().NoMDEntries)) {
        if (entry.MDEntryType in this.book) this.book[entry.MDEntryType].set(entry.MDEntryPx, entry.MDEntrySize)
      }
      say('whole-book')
    } else if (type === 'X') {
      for (const entry of list(view.toObject().NoMDEntries)) this.change(entry)
      say('change')
    } else {
      say('other', { type, text: view.getString('Text') })
    }
  }

  change (entry) {
    if (entry.MDEntryType === '2') this.trades.push([entry.MDEntryPx, entry.MDEntrySize])
    const side = this.book[entry.MDEntryType]
    if (side === undefined) return
    const known = side.has(entry.MDEntryPx)
    const action = String(entry.MDUpdateAction)
    if (known === (action === '0')) say('does-not-fit', { entry })
    if (action === '2') side.delete(entry.MDEntryPx)
    else side.set(entry.MDEntryPx, entry.MDEntrySize)
  }

  command (line) {
    const asked = JSON.parse(line)
    const order = {
      ClOrdID: asked.id, Account: asked.account, Instrument: { Symbol: symbol }, Side: asked.side, TransactTime: new Date()
    }
    if (asked.do === 'order') {
      this.send(MsgType.NewOrderSingle, {
        ...order, OrdType: '2', OrderQtyData: { OrderQty: asked.qty }, Price: asked.price, TimeInForce: asked.tif
      })
    } else if (asked.do === 'cancel') {
      this.send(MsgType.OrderCancelRequest, { ...order, OrigClOrdID: asked.orig })
    } else if (asked.do === 'subscribe') {
      this.send(MsgType.MarketDataRequest, {
        MDReqID: asked.id, SubscriptionRequestType: '1', MarketDepth: asked.depth, MDUpdateType: 1, AggregatedBook: true,
        NoMDEntryTypes: ['0', '1', '2'].map(MDEntryType => ({ MDEntryType })), NoRelatedSym: [{ Instrument: { Symbol: symbol } }]
      })
    } else if (asked.do === 'book') {
      const rows = type => [...this.book[type]].sort((one, other) => one[0] - other[0])
      say('book', { bids: rows(0).reverse(), offers: rows(1), trades: this.trades })
    } else {
      this.done()
      launcher.stop()
    }
  }
}

class Launcher extends SessionLauncher {
  constructor () {
    super({
      application: {
        type: 'initiator', name: 'engine', protocol: 'ascii', dictionary: settings.dictionary, resilient: true,
        reconnectSeconds: 1, recoveryAttemptSeconds: 1, backoffFailConnectSeconds: 1,
        tcp: { host: '127.0.0.1', port: settings.port }
      },
      SenderCompId: settings.sender, TargetCompID: 'TRADEHIVE', Username: settings.sender, Password: settings.password,
      EncryptMethod: 0, HeartBtInt: 10, ResetSeqNumFlag: false, BeginString: 'FIX.4.4',
      store: { type: 'file', directory: settings.store }
    }, null, new EmptyLogFactory())
  }

  makeFactory () {
    return {
      makeSession: config => {
        this.client = new Client(config)
        return this.client
      }
    }
  }
}

const launcher = new Launcher()
readline.createInterface({ input: process.stdin }).on('line', line => launcher.client.command(line))
launcher.run().then(() => process.exit(0), error => {
  say('failed', { error: String(error) })
  process.exit(1)
})
