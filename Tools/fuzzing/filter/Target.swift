import Driver
import Query
import Records

/// Any text is read as a filter: refused with a place inside of it, or checked and compiled. Few types have fields of all
/// kinds, so that names are soon found; some names mean several fields that are alike, or that are not.
@main
enum Target {
    static let catalogue = FieldCatalogue(types: types)
    static let types = [
        PacketType(
            name: "sat.power", shortName: "power", description: "", database: 0, mission: "sat",
            parameters: [
                info("sat.power.volts", .float, .unsigned, unit: "V"), info("sat.power.count", .unsigned, .unsigned),
                info("sat.power.small", .signed, .signed), info("sat.power.temp", .float, .float, unit: "degC"),
                info("sat.power.mode", .enumeration, .unsigned, labels: ["off", "on", "safe mode"]),
                info("sat.power.flag", .boolean, .unsigned, labels: ["no", "yes"]),
                info("sat.power.when", .time, .unsigned),
                info("sat.power.blob", .binary, .bytes), info("sat.power.name", .string, .bytes),
            ]),
        PacketType(
            name: "TXT", shortName: "TXT", description: "", database: nil, dialect: "nmea-0183",
            parameters: [
                info("text", .string, .text), info("kind", .enumeration, .text, labels: ["a", "b"]),
                info("temp", .signed, .text, unit: "K"), info("list", .list, .text), info("mode", .string, .text),
            ]),
    ]

    static func main() {
        drive { start, count in
            let text = String(decoding: octets(start, count), as: UTF8.self)
            do throws(FilterError) {
                let checked = try Target.catalogue.check(text)
                _ = Filter(checked, types: Target.types)
            } catch {
                precondition(error.range.start <= error.range.end, "a place that ends before it begins")
                precondition(error.range.end <= text.utf8.count, "a place outside of the filter")
                precondition(!error.reason.isEmpty && !error.description.isEmpty, "refused without a reason")
            }
            return 0
        }
    }

    static func info(
        _ name: String, _ kind: ValueKind, _ rawKind: RawKind, unit: String = "", labels: [String] = []
    ) -> ParameterInfo {
        ParameterInfo(
            name: name, shortName: String(name.split(separator: ".").last ?? ""), unit: unit, kind: kind,
            rawKind: rawKind, labels: labels, hasLimits: !unit.isEmpty)
    }
}
