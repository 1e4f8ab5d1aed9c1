import Faults
import Testing

@Suite("A plan of faults")
struct FaultPlanTests {
    @Test("is read with all its keys, and written again")
    func whole() throws {
        let plan = try FaultPlan(
            "bit-error=1e-5, loss=1%,burst=20,duplicate=0.001,reorder=3:0.02,truncate=0.001,jitter=2ms")
        #expect(plan.bitError == 1e-5)
        #expect(plan.loss == 0.01)
        #expect(plan.burst == 20)
        #expect(plan.duplicate == 0.001)
        #expect((plan.reorder, plan.reorderShare) == (3, 0.02))
        #expect(plan.truncate == 0.001)
        #expect(plan.jitter == 2000)
        #expect(
            plan.description
                == "bit-error=1e-05,loss=0.01,burst=20,duplicate=0.001,reorder=3:0.02,truncate=0.001,jitter=2ms")
        #expect(try FaultPlan(plan.description) == plan)
    }

    @Test(
        "times have units",
        arguments: [("1us", 1), ("250us", 250), ("0.5ms", 500), ("2ms", 2000), ("1.5s", 1_500_000), ("0s", 0)])
    func units(_ text: String, _ microseconds: Int64) throws {
        #expect(try FaultPlan("jitter=\(text)").jitter == microseconds)
    }

    @Test("of places without a share takes one packet of a hundred")
    func share() throws {
        #expect(try FaultPlan("reorder=3").reorderShare == 0.01)
        #expect(try FaultPlan("reorder=3:0").isEmpty)
        #expect(try FaultPlan("loss=0").isEmpty)
    }

    @Test(
        "is refused with what was found, what is allowed and what is near",
        arguments: [
            ("los=0.01", "there is no fault 'los', and near it is 'loss'"),
            ("biterror=1e-5", "near it is 'bit-error'"),
            ("Loss=0.01", "near it is 'loss'"),
            ("noise=3", "faults are bit-error, loss, burst, duplicate, reorder, truncate and jitter"),
            ("loss=1.5", "'loss=1.5' cannot be: loss takes the probability a packet from 0 to 1"),
            ("loss=-0.1", "from 0 to 1"),
            ("loss=101%", "from 0 to 1"),
            ("loss=nan", "from 0 to 1"),
            ("loss=0x1p-3", "from 0 to 1"),
            ("bit-error=inf", "the probability a bit"),
            ("loss", "'loss' has no value"),
            ("loss=", "'loss=' has no value"),
            ("loss=0.1,loss=0.2", "loss is told twice"),
            ("loss=0.1,,jitter=1ms", "nothing between two commas"),
            ("", "nothing between two commas"),
            ("burst=20", "none is lost: add loss=0.01"),
            ("burst=20,loss=0", "none is lost"),
            ("loss=0.01,burst=0.5", "from 1 to 1000000"),
            ("loss=0.9,burst=2", "a share of 0.6666666666666666 is lost at most: take burst=9 or more"),
            ("loss=1,burst=2", "take a loss below 1"),
            ("reorder=0", "1 to 1000"),
            ("reorder=1001", "1 to 1000"),
            ("reorder=2.5", "1 to 1000"),
            ("reorder=3:2", "1 to 1000, and the share of packets"),
            ("reorder=3:0.1:5", "the share of packets"),
            ("jitter=2", "has no unit of time that is known: write jitter=2us, 2ms or 2s"),
            ("jitter=-2ms", "'jitter=-2ms' cannot be: jitter takes by how much packets are late at most, 1us to 60s"),
            ("jitter=2min", "has no unit of time that is known; jitter takes"),
            ("jitter=61s", "1us to 60s"),
            ("jitter=0.1us", "1us to 60s"),
            ("jitter=ms", "1us to 60s"),
        ])
    func refusals(_ text: String, _ words: String) {
        do throws(FaultPlan.Refusal) {
            let plan = try FaultPlan(text)
            Issue.record("'\(text)' is \(plan)")
        } catch { #expect(error.description.contains(words), "\(error)") }
    }

    @Test("that a program puts together is refused by the same rules")
    func check() {
        var plan = FaultPlan()
        plan.truncate = 2
        #expect(throws: FaultPlan.Refusal.self) { try plan.check() }
        plan = FaultPlan()
        plan.jitter = -1
        #expect(throws: FaultPlan.Refusal.self) { try plan.check() }
    }
}
