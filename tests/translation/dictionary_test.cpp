#include "tests/translation/world.hpp"

#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

// What the dictionary throws at the message: "" when it passes, else "what: tag".
std::string fault(std::string_view fields) {
    try {
        dictionary().validate(parsed(fields));
    } catch (const FIX::RequiredTagMissing& e) {
        return "missing " + std::to_string(e.field);
    } catch (const FIX::IncorrectTagValue& e) {
        return "value " + std::to_string(e.field);
    } catch (const FIX::IncorrectDataFormat& e) {
        return "format " + std::to_string(e.field);
    } catch (const FIX::TagNotDefinedForMessage& e) {
        return "not in message " + std::to_string(e.field);
    } catch (const FIX::InvalidTagNumber& e) {
        return "unknown " + std::to_string(e.field);
    } catch (const FIX::RepeatingGroupCountMismatch& e) {
        return "count " + std::to_string(e.field);
    } catch (const FIX::InvalidMessageType&) {
        return "type";
    } catch (const FIX::Exception& e) {
        return e.what();
    }
    return "";
}

TEST(Dictionary, TakesTheMessagesOfASession) {
    EXPECT_EQ(fault("35=A|98=0|108=30|141=Y|789=4|553=alice|554=pass:123456|8013=S|20101=123456"), "");
    EXPECT_EQ(fault("35=A|98=0|108=30|383=8192|384=2|372=D|385=R|372=8|385=S|464=N"), "");
    EXPECT_EQ(fault("35=0|112=X"), "");
    EXPECT_EQ(fault("35=1|112=X"), "");
    EXPECT_EQ(fault("35=2|7=1|16=0"), "");
    EXPECT_EQ(fault("35=4|123=Y|36=9"), "");
    EXPECT_EQ(fault("35=5|58=bye|20102=N"), "");
}

TEST(Dictionary, KnowsTheUserTagsWhereTheyBelongAndNoOther) {
    EXPECT_EQ(fault("35=0|20101=123456"), "not in message 20101");
    EXPECT_EQ(fault("35=0|20100=1"), "unknown 20100");
    EXPECT_EQ(fault("35=A|98=0|108=30|8013=Q"), "value 8013");
}

// A full order of a stock engine: every component and group, the nested ones too.
TEST(Dictionary, TakesAStockOrderWithEverything) {
    EXPECT_EQ(
        fault(
            "35=D|11=A|453=2|448=P1|447=D|452=3|802=1|523=S|803=1|448=P2|447=D|452=1|1=ALICE|660=99|581=1|70="
            "A1|"
            "78=1|79=SUB|467=I|539=1|524=N|525=D|538=1|804=1|545=Z|805=2|80=5|63=0|64=20260103|21=1|18=G "
            "6|111=1|"
            "100=XNAS|386=1|336=DAY|625=1|55=AAPL|65=WI|48=US0378331005|22=4|454=1|455=X|456=8|460=5|461="
            "ESXXXX|"
            "167=CS|200=202612|207=XNAS|106=Apple|864=1|865=1|866=20260101|867=1.5|868=t|140=99.5|54=1|114=N|"
            "60=20260101-12:00:00|232=1|233=ABS|234=1|854=0|38=1|40=2|423=2|44=1.25|15=USD|376=C|59=6|432="
            "20260102|"
            "126=20260102-00:00:00|12=1|13=3|479=USD|528=A|529=1 "
            "2|582=1|58=note|77=O|210=1|211=0.1|388=0|389=0.1"),
        "");
}

TEST(Dictionary, KnowsEachStockOrdTypeAndTimeInForce) {
    const std::string order = "35=D|11=A|55=AAPL|54=1|60=20260101-12:00:00|38=1";
    for (const char type : std::string{"123456789ABCDEFGHIJKLMP"})
        EXPECT_EQ(fault(order + "|40=" + type), "") << type;
    for (const char tif : std::string{"01234567"})
        EXPECT_EQ(fault(order + "|40=1|59=" + tif), "") << tif;
    EXPECT_EQ(fault(order + "|40=0"), "value 40");
    EXPECT_EQ(fault(order + "|40=1|59=9"), "value 59");
}

TEST(Dictionary, SaysWhatIsMissingOrStrange) {
    EXPECT_EQ(fault("35=D|55=AAPL|54=1|60=20260101-12:00:00|40=1"), "missing 11");
    EXPECT_EQ(fault("35=D|11=A|55=AAPL|54=1|40=1"), "missing 60");
    EXPECT_EQ(fault("35=D|11=A|54=1|60=20260101-12:00:00|40=1"), "missing 55");
    EXPECT_EQ(fault("35=D|11=A|55=AAPL|54=1|60=now|40=1"), "format 60");
    EXPECT_EQ(fault("35=D|11=A|55=AAPL|54=1|60=20260101-12:00:00|40=1|38=1e5"), "format 38");
    EXPECT_EQ(fault("35=D|11=A|55=AAPL|54=1|60=20260101-12:00:00|40=1|262=M"), "not in message 262");
    EXPECT_EQ(fault("35=D|11=A|55=AAPL|54=1|60=20260101-12:00:00|40=1|4999=M"), "unknown 4999");
    EXPECT_EQ(fault("35=D|11=A|55=AAPL|54=1|60=20260101-12:00:00|40=1|453=2|448=X|447=D|452=1"), "count 453");
    EXPECT_EQ(fault("35=V|262=M|263=0|264=0|267=1|269=0"), "missing 146");
    EXPECT_EQ(fault("35=ZZ"), "type");
}

TEST(Dictionary, OneOfTheOrderIdsWillDo) {
    EXPECT_EQ(fault("35=F|37=5|11=A|55=AAPL|54=1|60=20260101-12:00:00"), "");
    EXPECT_EQ(fault("35=G|37=5|11=A|55=AAPL|54=1|60=20260101-12:00:00|40=2|38=1|44=1"), "");
    EXPECT_EQ(fault("35=H|37=5|55=AAPL|54=1"), "");
}

TEST(Dictionary, KnowsTheRequestsThatComeLater) {
    EXPECT_EQ(fault("35=e|324=1|55=AAPL|263=0"), "");
    EXPECT_EQ(fault("35=g|335=1|263=0"), "");
    EXPECT_EQ(fault("35=q|11=A|530=7|60=20260101-12:00:00"), "");
    EXPECT_EQ(fault("35=x|320=1|559=4"), "");
    EXPECT_EQ(fault("35=AF|584=1|585=7|453=1|448=X|447=D|452=1"), "");
    EXPECT_EQ(fault("35=BE|923=1|924=3|553=alice|554=old|925=new|20101=123456"), "");
    EXPECT_EQ(fault("35=BE|923=1|924=5|553=alice"), "value 924");
    EXPECT_EQ(fault("35=BF|923=1|553=alice|926=5|927=text"), "");
    EXPECT_EQ(fault("35=BF|923=1|553=alice|926=7"), "value 926");
}

TEST(Dictionary, KnowsEveryStockMessageType) {
    const std::string one = "0123456789ABCDEFGHJKLMNPQRSTVWXYZabcdefghijklmnopqrstuvwxyz";
    for (const char type : one)
        EXPECT_TRUE(dictionary().isMsgType(std::string(1, type))) << type;
    for (const char type : std::string{"ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
        EXPECT_TRUE(dictionary().isMsgType(std::string{"A"} + type)) << type;
    for (const char type : std::string{"ABCDEFGH"})
        EXPECT_TRUE(dictionary().isMsgType(std::string{"B"} + type)) << type;
    for (const auto* const type : {"I", "O", "U", "BI", "CA"})
        EXPECT_FALSE(dictionary().isMsgType(type)) << type;
}

} // namespace
} // namespace tradehive::acceptor
