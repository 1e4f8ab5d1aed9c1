internal import Bytes
internal import Capture

extension Splitting {
    /// Writes an archive for each interface that has packets.
    ///
    /// - Parameters:
    ///   - name: the file of a part, by a name of the interface that files may have.
    ///   - progress: called now and then; false ends the reading.
    public static func byInterface(
        _ file: String, name: (String) -> String, progress: @escaping (ReadProgress) -> Bool = { _ in true }
    ) throws -> [Part] {
        let reader = try CaptureReader.open(file)
        var batch = Batch<Packet>()
        var ledger = Ledger()
        var counts: [Int] = []
        while progress(ReadProgress(reader)), reader.next(into: &batch, ledger: &ledger) {
            for index in 0..<batch.count {
                let interface = Int(batch[index].interface)
                while counts.count <= interface { counts.append(0) }
                counts[interface] += 1
            }
        }
        guard ledger.rejections.isEmpty else { throw Refusal.damaged }
        var names = SafeNames()
        var parts: [Part] = []
        for (number, count) in counts.enumerated() where count > 0 {
            let interface = reader.interfaces[number]
            let target = try OutputFile(
                path: name(names.add(interface.name ?? interface.description ?? "interface \(number)")), from: 0)
            var options = Merging.Options()
            options.keepsDuplicates = true
            let merging = try Merging([file], options, only: number, progress: progress)
            let archiving = try Archiving(into: target)
            try archiving.define(merging.databases)
            _ = try archiving.run(merging.open())
            if let refusal = merging.refusal { throw refusal }
            try archiving.finish()
            try target.close()
            parts.append(Part(name: target.name, packets: archiving.packets))
        }
        return parts
    }
}
