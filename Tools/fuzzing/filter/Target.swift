import BeiDou
import Driver
import Query
import Records

/// Any text is read as a filter: refused with a place inside of it, or checked and compiled for all messages.
@main
enum Target {
    static let catalogue = FieldCatalogue(types: types)
    static let types = MessageTypes.all.map(\.packetType)

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
}
