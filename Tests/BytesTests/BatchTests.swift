import Bytes
import Testing

@Suite struct BatchTests {
    private struct Record: Located {
        var extent: Extent
        var number: Int
    }

    @Test("a batch keeps what it is given, grows past its capacity, and is full from there on")
    func grows() {
        var batch = Batch<Int>(capacity: 2)
        #expect(batch.isEmpty && !batch.isFull && batch.capacity == 2)
        for number in 0..<1000 {
            #expect(batch.isFull == (number >= batch.capacity))
            batch.append(number)
        }
        #expect(batch.count == 1000)
        for number in 0..<1000 { #expect(batch[number] == number) }
        #expect(batch.records.count == 1000)
    }

    @Test("a batch without room makes some")
    func noRoom() {
        var batch = Batch<Int>(capacity: 0)
        for number in 0..<10 { batch.append(number) }
        #expect(batch.count == 10 && batch[9] == 9)
    }

    @Test("it is emptied, cut and changed in place")
    func changes() {
        var batch = Batch<Int>()
        for number in 0..<10 { batch.append(number) }
        batch.truncate(to: 4)
        batch[3] = 30
        #expect(batch.count == 4 && batch[3] == 30)
        do {
            var records = batch.mutableRecords
            for index in records.indices { records[index] += 1 }
        }
        #expect(batch[0] == 1 && batch[3] == 31)
        batch.removeAll()
        #expect(batch.isEmpty && batch.capacity == 512)
    }

    @Test("records point at the bytes that their producer keeps")
    func located() {
        let arena = Arena()
        var batch = Batch<Record>()
        for number in 0..<100 {
            batch.append(Record(extent: arena.copy([UInt8(number), 1].octets), number: number))
        }
        for index in 0..<batch.count { #expect(batch.bytes(of: batch[index]).copied() == [UInt8(index), 1]) }
    }

    @Test("what is not in a batch ends the program")
    func outside() async {
        await #expect(processExitsWith: .failure) {
            let batch = Batch<Int>()
            _ = batch[0]
        }
        await #expect(processExitsWith: .failure) {
            var batch = Batch<Int>()
            batch.append(1)
            batch.truncate(to: 2)
        }
        await #expect(processExitsWith: .failure) {
            var batch = Batch<Int>()
            batch[-1] = 1
        }
    }
}
