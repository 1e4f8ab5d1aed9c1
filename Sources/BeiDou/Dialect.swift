/// A protocol that terminals speak.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    /// RDSS terminal protocol 4.0: binary frames that begin with a dollar sign and four letters.
    case rdss4 = "rdss-4.0"
    /// RDSS terminal protocol 2.1: sentences of talkers CC and BD.
    case rdss2 = "rdss-2.1"
    /// The sentences of the regional short-message service of BeiDou-3.
    case regional = "bds-3"
    /// NMEA 0183 as receivers send it.
    case nmea = "nmea-0183"
    /// JT/T 808, vehicle terminal to platform.
    case jtt808 = "jtt-808"

    /// The protocol's name as people write it.
    public var title: String {
        switch self {
        case .rdss4: "RDSS 4.0"
        case .rdss2: "RDSS 2.1"
        case .regional: "BeiDou-3 regional"
        case .nmea: "NMEA 0183"
        case .jtt808: "JT/T 808"
        }
    }
}
