// QuickFIX's client side, behind the same door as the rest of it: the initiators, stores and settings of a
// stock engine, compiled as C++23. See acceptor/quickfix.hpp for why throw(...) is taken away.
#pragma once

#include "acceptor/quickfix.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif
// The TLS classes exist only where this is set; the library is built with them.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define HAVE_SSL 1
// NOLINTNEXTLINE(bugprone-reserved-identifier,cppcoreguidelines-macro-usage)
#define throw(...)
#include <quickfix/Application.h>
#include <quickfix/FileLog.h>
#include <quickfix/FileStore.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/ThreadedSSLSocketInitiator.h>
#include <quickfix/ThreadedSocketInitiator.h>
#undef throw
#ifdef __clang__
#pragma clang diagnostic pop
#endif
