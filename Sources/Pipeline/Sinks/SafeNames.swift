internal import Records

/// Names for tables, columns and files, made of the names of types and parameters: nothing in them needs quotes or means
/// something to a file system, and no two are the same, also where capitals do not count.
package struct SafeNames {
    private var taken: Set<String>

    /// - Parameter taken: names that are not free.
    package init(taken: some Sequence<String> = []) { self.taken = Set(taken.map { $0.lowercased() }) }

    /// Takes a name that is known to be safe; false where it was taken.
    mutating func take(_ name: String) -> Bool { taken.insert(name.lowercased()).inserted }

    /// A safe name like this one, which is taken from now on: `_2`, `_3` … behind it where others are called so.
    package mutating func add(_ name: String) -> String {
        let base = Self.safe(name)
        if take(base) { return base }
        var number = 2
        while !take("\(base)_\(number)") { number += 1 }
        return "\(base)_\(number)"
    }

    /// Letters and digits stay, of every script; all else becomes `_`.
    private static func safe(_ name: String) -> String {
        var safe = ""
        for scalar in name.unicodeScalars where safe.utf8.count < mostOctets {
            let stays = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            safe.unicodeScalars.append(stays ? scalar : "_")
        }
        if safe.first.map(\.isNumber) ?? true { safe = "_" + safe }
        // The names that begin so are SQLite's own.
        return safe.lowercased().hasPrefix("sqlite_") ? "_" + safe : safe
    }

    /// File names have at most 255 octets, endings included.
    private static let mostOctets = 200
}

extension SafeNames {
    /// The name of each type's file.
    static func of(_ types: [PacketType], taken: [String]) -> [String] {
        var names = SafeNames(taken: taken)
        return types.map { names.add($0.tableName) }
    }
}

extension PacketType {
    /// What its table or file is called before that is made safe: its name, that of a message with the dialect in front.
    var tableName: String { dialect.map { "\($0)_\(name)" } ?? name }
}
