import BeiDou
import Testing

@Suite struct LimitsTests {
    private let limits = Limits.standard

    @Test(arguments: [
        (1, 110, 7, 27, 13), (2, 408, 29, 102, 51), (3, 628, 44, 157, 78), (4, 848, 60, 212, 106),
    ])
    func levelsHoldWhatTheProtocolSays(_ level: Int, _ bits: Int, _ chinese: Int, _ digits: Int, _ octets: Int) throws {
        #expect(limits.capacity(level: level, generation: .beidou2) == bits)
        #expect(Limits.characters(inBits: bits, form: .chinese) == chinese)
        #expect(Limits.characters(inBits: bits, form: .code) == digits)
        #expect(Limits.characters(inBits: bits, form: .mixed) == octets - 1, "the A4 takes one")
        for (text, form, count) in [
            ("北", ContentForm.chinese, chinese), ("7", .code, digits), ("a", .mixed, octets - 1),
        ] {
            let full = try ContentCoding.encode(String(repeating: text, count: count), form: form)
            #expect(Limits.room(for: full, in: bits).bits >= 0)
            #expect(Limits.room(for: full, in: bits).characters == 0)
            let over = try ContentCoding.encode(String(repeating: text, count: count + 1), form: form)
            #expect(Limits.room(for: over, in: bits).bits < 0)
            let short = try ContentCoding.encode(String(repeating: text, count: count - 3), form: form)
            #expect(Limits.room(for: short, in: bits).characters == 3)
        }
    }

    @Test func encryptionAndExpressChangeWhatFits() {
        let bits = (1...4).map { limits.capacity(level: $0, generation: .beidou2, isEncrypted: true) }
        #expect(bits == [140, 360, 580, 1_680])
        #expect(limits.capacity(level: 4, generation: .beidou2, isExpress: true) == 188)
        #expect(Limits.characters(inBits: 188, form: .chinese) == 13)
    }

    @Test func frequencyPointsBoundBeiDou3() {
        let bits = (1...5).map { limits.capacity(level: 5, generation: .beidou3, frequencyPoint: $0) }
        #expect(bits == [1_680, 14_000, 14_000, 14_000, 560])
        #expect(limits.capacity(level: 0, generation: .beidou3) == limits.capacity(level: 5, generation: .beidou3))
    }

    @Test func whatThereIsNotHasNoCapacity() {
        for level in [-1, 0, 5, .min, .max] { #expect(limits.capacity(level: level, generation: .beidou2) == nil) }
        for level in [-1, 6, .max] { #expect(limits.capacity(level: level, generation: .beidou3) == nil) }
        for point in [-1, 0, 6, .min] {
            #expect(limits.capacity(level: 1, generation: .beidou3, frequencyPoint: point) == nil)
        }
        #expect(Limits.characters(inBits: 7, form: .mixed) == 0)
    }

    @Test func addressesThatMeanNoCardAreNone() {
        #expect(limits.isCard(142_020, generation: .beidou2))
        for address in [0, 2_097_151, -1] { #expect(!limits.isCard(address, generation: .beidou2)) }
        #expect(limits.isCard(15_240_507, generation: .beidou3))
        #expect(!limits.isCard(0, generation: .beidou3))
        var limits = limits
        limits.groupAddresses = [142_020]
        #expect(!limits.isCard(142_020, generation: .beidou2))
    }

    @Test func theReserveStandsOnTopOfTheFrequency() {
        #expect(limits.interval(stated: nil) == 62)
        #expect(limits.interval(stated: 40) == 42)
    }

    @Test func feedbackSaysWhatBecomesOfAMessage() {
        #expect(limits.verdict(fkxx: 0, wait: nil) == .sent)
        #expect(limits.verdict(fkxx: 1, wait: nil) == .again(seconds: 60, reason: "failure"))
        #expect(limits.verdict(fkxx: 4, wait: 17) == .again(seconds: 19, reason: "too_soon"))
        #expect(limits.verdict(fkxx: 4, wait: .max) == .again(seconds: 86_402, reason: "too_soon"))
        #expect(limits.verdict(fkxx: 7, wait: nil) == .stopped(reason: "suppressed"))
        #expect(limits.verdict(fkxx: 8, wait: nil) == .lifted)
        #expect(limits.verdict(fkxx: 0xA1, wait: nil) == .stopped(reason: "fkxx_161"))
        #expect(limits.verdict(fki2: true, suppression: 0, wait: 40) == .sent)
        #expect(limits.verdict(fki2: false, suppression: nil, wait: 58) == .again(seconds: 60, reason: "too_soon"))
        #expect(limits.verdict(fki2: false, suppression: 0, wait: 0) == .again(seconds: 60, reason: "none"))
        #expect(limits.verdict(fki2: false, suppression: 3, wait: 0) == .stopped(reason: "radio_silence"))
        #expect(limits.verdict(fki3: true, reason: 5, wait: 0) == .sent, "as a captured sentence has it")
        #expect(limits.verdict(fki3: false, reason: 1, wait: 12) == .again(seconds: 14, reason: "too_soon"))
        #expect(limits.verdict(fki3: false, reason: 6, wait: 0) == .stopped(reason: "no_permission"))
    }
}
