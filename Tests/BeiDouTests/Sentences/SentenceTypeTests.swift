import BeiDou
import Bytes
import Testing

private func type(_ contents: String) -> MessageType {
    SentenceFamily.types[SentenceFamily.type(of: sentence(contents).octets)]
}

@Test func formsOfOneNameAreToldApart() {
    #expect(type("GNZDA,071551.000,06,08,2026,00,00").dialect == .nmea)
    #expect(type("BDZDA,3,000329.00,01,01,2006,-08,00,00,00,00,N").dialect == .rdss2)
    #expect(type("BDFKI,TXA,Y,Y,0,0000").dialect == .rdss2)
    #expect(type("BDFKI,000000,TCQ,Y,5,0").dialect == .regional)
    #expect(type("BDFKI,TXA,Y,Y,0000").title == "feedback without suppression")
    #expect(type("CCICI,0,00").title == "card query under the answer's name")
    #expect(type("BDICI,4207733,0,0,3,60,2,N,22").title == "card information")
}

@Test func aNameOfTwoLettersMayBeFollowedByAnEmptyColumn() {
    #expect(type("BDHZ,,1").name == "HZ")
    #expect(type("BDHZ,1,").name == "HZ")
}

@Test func anyTalkerMaySayASentence() {
    for talker in ["GP", "GL", "GA", "BD", "GB", "GN", "GQ", "GI", "PQ", "CC"] {
        #expect(type("\(talker)GGA,,,").name == "GGA")
        #expect(type("\(talker)TXR,1,").name == "TXR")
    }
}

@Test func aSentenceThatIsNotKnownIsCarriedUnderItsName() throws {
    for (contents, talker, name) in [
        ("PMTK001,604,3", "P", "MTK001"), ("GPXYZ,1,2,,", "GP", "XYZ"), ("PUBX,00", "P", "UBX"),
        ("HEHDT,1.0,T", "HE", "HDT"),
        ("PSTMANTENNASTATUS,0", "P", "STMANTENNASTATUS"), ("GPX,1", "GP", "X"),
    ] {
        let read = ReadSentence(sentence(contents))
        #expect(read.type.name == "unknown")
        #expect(read.values["talker"] == talker)
        #expect(read.values["sentence"] == name)
        let written = try SentenceFamily.encode(MessageValues(parameters: read.given), type: read.number)
        #expect(written == sentence(contents))
    }
    #expect(ReadSentence(sentence("PUBX")).values["body"] == nil)
}

@Test func bothFormsOfGSAKeepAllNumbers() {
    let numbers = (1...24).map { "\($0)" }.joined(separator: ",")
    let read = ReadSentence(sentence("GPGSA,A,3,\(numbers),1.0,0.7,0.8"))
    #expect(read.values["numbers"] == "[\(numbers)]")
    #expect(read.values["vdop"] == "0.8")
}

@Test func columnsThatNoLayoutHasAreKept() {
    #expect(ReadSentence(sentence("GNGLL,,,,,,V,N,1,,2")).values["extra"] == "1,,2")
    #expect(
        ReadSentence(sentence("PQGSV,4,1,14,04,,,32,12,46,282,30,19,50,092,28,25,17,302,27,0,4")).values["system_id"]
            == "4")
    let short = ReadSentence(sentence("PQGSV,4,4,14,39,16,157,,0,4"))
    #expect(short.values["signal"] == "0")
    #expect(short.values["system_id"] == "4")
    #expect(short.values["number_2"] == nil)
}

@Test func satellitesOfBeiDouAreNumberedAsTheSystemDoes() {
    func satellite(_ talker: String, _ number: Int) -> String? {
        ReadSentence(sentence("\(talker)GSV,1,1,01,\(number),10,100,40")).values["satellite_1"]
    }
    #expect(satellite("BD", 219) == "19")
    #expect(satellite("GB", 63) == "63")
    #expect(satellite("BD", 405) == "5")
    #expect(satellite("BD", 143) == "3")
    #expect(satellite("GP", 12) == "12")
    #expect(ReadSentence(sentence("GNGSV,1,1,01,12,10,100,40")).values["system"] == "gps")
    #expect(ReadSentence(sentence("GNGSV,1,1,01,208,10,100,40")).values["system"] == "beidou")
    // SiRF puts other things where the system id stands.
    #expect(ReadSentence(sentence("BDGSA,A,3,13,,,,,,,,,,,,1.3,0.8,1.1,0.9")).values["system"] == "beidou")
}
