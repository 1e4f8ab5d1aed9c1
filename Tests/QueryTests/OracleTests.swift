import Bytes
import Query
import Records
import Testing

/// The compiled filter chooses the packets that the slow evaluator chooses.
@Suite struct OracleTests {
    /// Tables with what the slow evaluator has of them.
    final class Bench {
        let catalogue = FieldCatalogue(types: TableMaker.types)
        let batches: [MadeBatch]
        let slow: SlowEvaluator

        init(seed: UInt64) {
            var maker = TableMaker(seed: seed)
            batches = [30, 1, 22].map { maker.batch($0) }
            var packets: [SlowPacket] = []
            for batch in batches {
                for index in 0..<batch.units.count {
                    let unit = batch.units[index]
                    let origin = maker.origin(of: unit)
                    let octets = batch.octets(of: index)
                    packets.append(
                        SlowPacket(
                            unit, octets, maker.origins[origin], number: origin,
                            batch.decoded.table(ofType: batch.decoded.type(of: index)),
                            row: batch.decoded.row(of: index)))
                }
            }
            slow = SlowEvaluator(packets: packets, types: TableMaker.types)
        }

        /// The packets that a filter chooses, numbered over all batches; nil when the slow way through `mark` differs.
        func chosen(_ checked: CheckedFilter) -> [Int] {
            var events: [EventTimes] = []
            for number in 0..<checked.eventCount {
                let finder = EventFinder(checked, number, known: events, types: TableMaker.types)
                run { finder.look($0.units, $0.decoded, $1) }
                events.append(finder.finish())
            }
            let filter = Filter(checked, types: TableMaker.types)
            filter.setEvents(events)
            let lane = Lane<Int32>()
            var (found, start) = ([Int](), 0)
            run { batch, context in
                filter.choose(batch.units, batch.decoded, context, into: lane)
                for index in 0..<lane.count { found.append(start + Int(lane[index])) }
                start += batch.units.count
            }
            return found
        }

        /// The packets that a filter cannot choose by what is known early.
        func early(_ checked: CheckedFilter) -> [Int]? {
            let filter = Filter(checked, types: TableMaker.types)
            guard filter.isEarly else { return nil }
            let marks = Lane<UInt8>()
            var (found, start) = ([Int](), 0)
            run { batch, context in
                marks.resize(to: batch.units.count, filler: 0)
                marks.fill(0)
                filter.mark(batch.units, context, marks)
                for index in 0..<marks.count where marks[index] == 1 { found.append(start + index) }
                start += batch.units.count
            }
            return found
        }

        private func run(_ body: (MadeBatch, RecordContext) -> Void) {
            let context = RecordContext()
            for batch in batches {
                context.add(batch.origins)
                body(batch, context)
            }
        }
    }

    @Test("thousands of random filters choose what the slow evaluator chooses", arguments: 1...8)
    func random(_ seed: Int) throws {
        var filters = FilterMaker(seed: UInt64(seed) &* 7_919)
        var (differences, early, some, all) = (0, 0, 0, 0)
        for round in 0..<6 {
            let bench = Bench(seed: UInt64(seed * 1_000 + round))
            for number in 0..<60 {
                let text = filters.condition(number % 10 == 0 ? 7 : number % 4)
                guard let checked = check(text, bench) else {
                    differences += 1
                    continue
                }
                let expression = try FilterParser.parse(text)
                let (fast, slow) = (bench.chosen(checked), bench.slow.chosen(expression))
                all += 1
                if !slow.isEmpty, slow.count < bench.slow.packets.count { some += 1 }
                if fast != slow {
                    differences += 1
                    let packet = Set(fast).symmetricDifference(slow).min() ?? 0
                    Issue.record(
                        """
                        \(text)
                        fast \(fast.contains(packet)), slow \(slow.contains(packet)): \
                        \(bench.slow.describe(packet, expression))
                        """)
                }
                if let marked = bench.early(checked) {
                    early += 1
                    #expect(Set(fast).isSubset(of: marked), "\(text): the early part leaves out what is chosen")
                }
                if differences > 5 { return }
            }
        }
        #expect(early > all / 20 && some > all / 3, "the filters are not worth much: \(early), \(some) of \(all)")
    }

    private func check(_ text: String, _ bench: Bench) -> CheckedFilter? {
        do { return try bench.catalogue.check(text) } catch {
            Issue.record("no filter: \(error)")
            return nil
        }
    }
}

extension SlowEvaluator {
    /// What a packet holds of what a filter names, for people.
    func describe(_ packet: Int, _ expression: FilterExpression) -> String {
        let this = packets[packet]
        let text = "\(expression)"
        let headers = this.headers.filter { header in
            text.contains(header.key) || Self.aliases.contains { $0.value == header.key && text.contains($0.key) }
        }
        let fields = this.fields.filter { field in text.contains(field.name.split(separator: ".").last ?? "") }
        return """
            packet \(packet) of \(this.type), origin \(this.origin), time \(this.time ?? .min), \(headers) \
            \(fields.map { "\($0.name): \($0.value) \($0.unit), raw \($0.raw)\($0.limit.map { ", \($0)" } ?? "")" })
            """
    }
}
