import BeiDou
import Bytes
import Records
import Support
import Testing

private func value(_ contents: String, _ name: String) -> String? { ReadSentence(sentence(contents)).values[name] }
private func state(_ contents: String, _ name: String) -> Validity? { ReadSentence(sentence(contents)).states[name] }

@Test func anglesAreReadToTheirLastDecimal() {
    #expect(value("GNGLL,4552.65403,S,17030.00668,E,,A,A", "latitude") == "-45.877567166666665")
    #expect(value("GNGLL,9000.0,N,18000.0,W,,A,A", "latitude") == "90.0")
    #expect(value("GNGLL,9000.0,N,18000.0,W,,A,A", "longitude") == "-180.0")
    #expect(value("GNGLL,3030,N,00030.5,W,,A,A", "latitude") == "30.5")
    #expect(value("GNGLL,3030.1234567890,N,00030.5,W,,A,A", "latitude") == "30.50205761315")
}

@Test func anglesThatAreNoneAreMalformed() {
    for field in [
        "9000.1,N", "3060.0,N", "30a0.0,N", "3030.0,X", "3030.0,", "3030.0", "-3030.0,N", "30.30.0,N", "3030.-1,N",
        "3030.0,NN",
        "99999999999999999999.0,N",
    ] {
        #expect(state("GNGLL,\(field),00100.0,E,,A,A", "latitude") == .malformed, "\(field)")
    }
    #expect(state("GNGLL,,,,,,V,N", "latitude") == .notIncluded)
    #expect(state("GNGLL", "latitude") == .notIncluded)
}

@Test func timesAreCheckedAndKeepTheirDecimals() {
    func time(_ field: String) -> String? { value("GNGST,\(field),,,,,,,", "time_of_day") }
    #expect(time("235960.50") == "23:59:60.50")
    #expect(time("000000") == "00:00:00")
    #expect(time("010203.1234567") == "01:02:03.1234567")
    #expect(time("010203.") == "01:02:03")
    for field in ["240000", "006000", "000061", "0102", "0102030", "01020a", "010203.x", "010203x00"] {
        #expect(state("GNGST,\(field),,,,,,,", "time_of_day") == .malformed, "\(field)")
    }
}

@Test func timeAndDateAreOneWhereBothAreThere() {
    func utc(_ time: String, _ date: String) -> String? { value("GNRMC,\(time),A,,,,,,,\(date),,,A", "utc") }
    #expect(utc("235960.50", "311216") == "2016-12-31T23:59:60.500Z")
    #expect(utc("000000.00", "290224") == "2024-02-29T00:00:00.000Z")
    #expect(utc("120000.00", "010180") == "1980-01-01T12:00:00.000Z")
    #expect(utc("", "010124") == nil)
    #expect(utc("120000", "") == nil)
    #expect(utc("120000", "310224") == nil)
    #expect(state("GNRMC,1,A,,,,,,,290223,,,A", "date") == .malformed)
}

@Test func numbersAreReadExactly() {
    func number(_ field: String) -> String? { value("GNGST,,\(field),,,,,,", "range_rms") }
    #expect(number("0.1") == "0.1")
    #expect(number("-3.52") == "-3.52")
    #expect(number("+7") == "7.0")
    #expect(number(".5") == "0.5")
    #expect(number("5.") == "5.0")
    #expect(number("123456.789012") == "123456.789012")
    #expect(number("0.00000000000000000001") == "0.0")
    #expect(number("0.000000000000000001") == "1e-18")
    for field in [".", "-", "1.2.3", "1e5", "--1", "12345678901234567890123", "0x1", " 1", "nan"] {
        #expect(state("GNGST,,\(field),,,,,,", "range_rms") == .malformed, "\(field)")
    }
}

@Test func codesWithoutALabelAreTold() {
    #expect(state("BDTXR,9,1,2,,A4", "kind") == .noLabel)
    #expect(state("GNGLL,,,,,,X,A", "status") == .noLabel)
    #expect(state("BDFKI,TXA,X,Y,0,0000", "executed") == .malformed)
    #expect(value("BDTXR,01,1,2,,A4", "kind") == "ordinary")
}

@Test func waitsAreMinutesAndSecondsIn21AndSecondsInBeiDou3() {
    #expect(value("BDFKI,TXA,N,Y,0,0158", "wait") == "118")
    #expect(value("BDFKI,TXA,N,Y,0130", "wait") == "90")
    #expect(value("BDFKI,000000,TCQ,N,1,118", "wait") == "118")
    #expect(state("BDFKI,TXA,N,Y,0,0060", "wait") == .malformed)
    #expect(state("BDFKI,TXA,N,Y,0,58", "wait") == .malformed)
}

@Test func zonesKeepTheirSign() {
    #expect(value("GNZDA,000000.00,01,01,2024,08,00", "local_zone") == "+08:00")
    #expect(value("GNZDA,000000.00,01,01,2024,-03,30", "local_zone") == "-03:30")
    #expect(state("GNZDA,000000.00,01,01,2024,,", "local_zone") == .notIncluded)
    #expect(state("GNZDA,000000.00,01,01,2024,99,00", "local_zone") == .malformed)
    #expect(state("GNZDA,000000.00,31,02,2024,00,00", "date") == .malformed)
}

@Test func contentsMayHoldCommas() {
    #expect(value("BDTXR,1,0412159,2,,a,b,c", "body") == "a,b,c")
    let tcq = ReadSentence(sentence("CCTCQ,4205116,2,1,3,a,b,60"))
    #expect(tcq.values["body"] == "a,b")
    #expect(tcq.values["repeat"] == "60.0")
    #expect(value("BDTCI,4204986,4204990,2,142204,2,0,a,b", "body") == "a,b")
}

@Test func receiptsComeInPairs() {
    let read = ReadSentence(sentence("BDHZR,0242407,2,0801,0805,2359,0000"))
    #expect(read.values["sent"] == "[\"08:01\",\"23:59\"]")
    #expect(read.values["received"] == "[\"08:05\",\"00:00\"]")
    #expect(state("BDHZR,0242407,1,0801,2400", "receipts") == .malformed)
    #expect(state("BDHZR,0242407,0", "receipts") == .notIncluded)
}

@Test func listsAreJSON() throws {
    let read = ReadSentence(sentence("BDSNR,0,-1.5,007,.5,5.,,12"))
    let list = try #require(read.values["cn0"])
    #expect(try JSON(list).array?.count == 7)
    #expect(list == "[0,-1.5,7,0.5,5.0,null,12]")
    #expect(state("BDSNR,0,x", "cn0") == .malformed)
    #expect(value("BDICZ,2,0242286,0242287", "addresses") == "[242286,242287]")
}

@Test func columnsThatNobodyNeedsAreNotMade() {
    let memory = ByteBuffer()
    let one = sentence("GNGLL,4552.65403,S,17030.00668,E,003956.00,A,A")
    let type = SentenceFamily.type(of: one.octets)
    let many = [[UInt8]](repeating: one, count: 700)
    let table = table(many, type: type, in: memory, only: ["longitude"])
    SentenceFamily.decode(table, type: type)
    #expect(table.columns.count == 1)
    #expect(table.columns[0].isAllValid)
    let column = table.columns[0]
    let last = column.values[699]
    #expect(Double(bitPattern: last) == 170.50011133333334)
    // Filled again, a table forgets what it held.
    table.removeAll()
    memory.removeAll()
    let empty = sentence("GNGLL,,,,,,V,N")
    memory.append(empty.octets)
    table.append(memory.extent, unit: 0)
    SentenceFamily.decode(table, type: type)
    let state = column.validities[0]
    #expect(state == .notIncluded)
}

@Test func garbageBehindANameIsDecodedWithoutHarm() {
    var random = SeededGenerator(seed: 5)
    let alphabet = Array(",,,,,0123456789.-NSEWAVMYabc".utf8) + [0xB0, 0xE5]
    var sentences: [[UInt8]] = []
    for type in SentenceFamily.types {
        for _ in 0..<200 {
            let body = (0..<Int.random(in: 0...70, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            sentences.append(sentence(Array("BD\(type.name),".utf8) + body))
        }
        sentences.append(sentence("BD\(type.name)"))
    }
    for (octets, read) in zip(sentences, readAll(sentences)) {
        _ = SentenceFamily.malformedFields(of: octets.octets)
        for (name, state) in read.states where state.hasValue { #expect(read.values[name] != nil) }
    }
}
