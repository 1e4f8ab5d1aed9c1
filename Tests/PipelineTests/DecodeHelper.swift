import Records
import Bytes
import Capture
import Foundation
import Mission
import Pipeline
import Support

/// What `decode` writes of a capture, by the way that the command goes: a quick first reading, then the real one.
struct DecodedFile {
    let text: String
    let ledger: Ledger
    let packets: Int
    let explained: Int

    /// - Parameters:
    ///   - databases: nil for those that the project ships.
    init(
        _ file: URL, databases: [Database]? = nil, told: ToldLayout? = nil,
        joinsSegments: Bool = false, _ change: (inout RouteOptions) -> Void = { _ in }
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("decoded-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("out").path
        var options = RouteOptions()
        options.format = .jsonl
        change(&options)
        let output = try OutputFile(path: path)
        let decoding = try Decoding(
            try databases ?? Self.shipped(), [(options, output)], joinsSegments: joinsSegments)
        let known = Prescan.run(try CaptureReader.open(file.path), told: told)
        ledger = try decoding.run(try CaptureReader.open(file.path), told: told, known: known)
        try decoding.finish()
        try output.close()
        text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        (packets, explained) = (decoding.packets, decoding.explained)
    }

    /// The databases of both satellites.
    static func shipped() throws -> [Database] {
        try ["g60", "songjiang"].map { try Database.load(projectFolder.appendingPathComponent("Specs/\($0).xml").path) }
    }

    /// The JSON lines.
    func lines() throws -> [JSON] { try JSON.lines(text) }

    /// The rows of CSV, a value a column, by the names in the first line.
    func rows() throws -> [[String: String]] {
        let table = try commaSeparated(text)
        guard let head = table.first else { return [] }
        return table.dropFirst().map { Dictionary(zip(head, $0)) { $1 } }
    }
}

/// The fields of comma-separated values (RFC 4180), line by line.
func commaSeparated(_ text: String) throws -> [[String]] {
    struct Malformed: Error {}
    var (lines, fields, field): ([[String]], [String], [UInt8]) = ([], [], [])
    var octets = Array(text.utf8)[...]
    func end(_ line: Bool) {
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
        if line {
            lines.append(fields)
            fields = []
        }
    }
    while let octet = octets.popFirst() {
        switch octet {
        case UInt8(ascii: ","): end(false)
        case UInt8(ascii: "\r"):
            guard octets.popFirst() == UInt8(ascii: "\n") else { throw Malformed() }
            end(true)
        case UInt8(ascii: "\n"): throw Malformed()
        case UInt8(ascii: "\"") where field.isEmpty:
            while let inner = octets.popFirst() {
                if inner == UInt8(ascii: "\"") {
                    guard octets.first == UInt8(ascii: "\"") else { break }
                    octets.removeFirst()
                }
                field.append(inner)
            }
            // Behind a quoted field nothing but a comma or the line's end.
            guard let next = octets.first, [UInt8(ascii: ","), UInt8(ascii: "\r")].contains(next) else {
                throw Malformed()
            }
        default: field.append(octet)
        }
    }
    guard field.isEmpty, fields.isEmpty else { throw Malformed() }
    return lines
}
