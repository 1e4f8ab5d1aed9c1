import Bytes
import Pipeline
import Records
import Settings
import Simulator

/// A satellite that was named on the command line, and its orbit.
struct Satellite {
    /// What it is called in commands, and by people.
    let name, title: String
    /// Its catalogue number, where it is of a set of two lines.
    let number: String?
    /// What tells it from the others of a list: its name, with the number where another one has the same.
    private(set) var label: String
    let orbit: SGP4

    /// Why a name means no satellite.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// The satellites that arguments mean: names of vehicles in the Specs folders; files of settings that end in .yaml; files
    /// of two-line elements, all of whose sets are meant unless names or catalogue numbers choose among them. None means all
    /// vehicles that are known by name.
    static func find(_ arguments: [String]) throws -> [Satellite] {
        let known = SpecLibrary.files(in: "vehicles", endingIn: ".yaml")
        var (found, sets, names): ([Satellite], [TwoLineElements], [String]) = ([], [], [])
        for argument in arguments.isEmpty ? try known.filter(isOnOrbit).map(\.name) : arguments {
            if argument.hasSuffix(".yaml") {
                found.append(try Satellite(vehicle: argument, name: String(argument.dropLast(5))))
            } else if argument == "-" || SpecLibrary.isFile(argument) {
                sets += try TwoLineElements.read(
                    try WholeFile.octets(argument, atMost: TwoLineElements.largestFile),
                    file: argument == "-" ? "standard input" : argument)
            } else if let vehicle = known.first(where: { $0.name == argument }) {
                found.append(try Satellite(vehicle: vehicle.path, name: argument))
            } else {
                names.append(argument)
            }
        }
        for name in names {
            guard sets.contains(where: { $0.isCalled(name) }) else {
                let all = known.map(\.name) + sets.prefix(1000).map(\.called)
                throw Refusal(
                    description: "\(name) is no vehicle, file or satellite; known by name are "
                        + "\(known.isEmpty ? "none" : known.map(\.name).joined(separator: ", "))"
                        + (sets.isEmpty ? "" : ", and \(sets.count) of the files") + Names.hint(name, in: all))
            }
        }
        for set in sets where names.isEmpty || names.contains(where: { set.isCalled($0) }) {
            found.append(try Satellite(name: set.called, title: set.called, number: set.number, set.elements))
        }
        // What is named twice is meant once.
        var seen: Set<[String]> = []
        found = found.filter { seen.insert([$0.name, $0.number ?? "", "\($0.orbit.elements)"]).inserted }
        let alike = Dictionary(grouping: found.indices) { found[$0].name }
        for places in alike.values where places.count > 1 {
            for place in places { found[place].label += found[place].number.map { " (\($0))" } ?? "" }
        }
        return found
    }

    private init(name: String, title: String, number: String? = nil, _ elements: MeanElements) throws {
        (self.name, self.title, self.number, label) = (name, title, number, name)
        do { orbit = try SGP4(elements) } catch {
            throw Refusal(description: "\(name): the elements are of no orbit: \(error)")
        }
    }

    /// Adds its name and number as members of JSON.
    func write(to out: inout TextBuffer) {
        out.member("satellite", name)
        if let number { out.member("number", number) }
    }

    /// Whether a vehicle is on an orbit; one that cannot be read says so where it is needed.
    private static func isOnOrbit(_ file: (name: String, path: String)) throws -> Bool {
        let octets = try WholeFile.octets(file.path, atMost: SettingsPlace.largestFile)
        return try Vehicle.read(octets, name: file.name, file: file.path).path == nil
    }

    private init(vehicle path: String, name: String) throws {
        let short = name.split(separator: "/").last.map { String($0) } ?? name
        let vehicle = try Vehicle.read(
            try WholeFile.octets(path, atMost: SettingsPlace.largestFile), name: short, file: path)
        guard let elements = vehicle.elements else {
            throw Refusal(
                description:
                    "\(name) flies along a path and is on no orbit, so that it has no passes: 'starlane simulate' flies it"
            )
        }
        try self.init(name: short, title: vehicle.title, elements)
    }
}

extension TwoLineElements {
    /// Its name, or its catalogue number where it has none.
    var called: String { name ?? number }

    /// Whether a name, in whatever case, or a catalogue number is its.
    func isCalled(_ name: String) -> Bool {
        self.name?.lowercased() == name.lowercased() || number == name
            || catalogueNumber != nil && (catalogueNumber == Int(name) || number.lowercased() == name.lowercased())
    }
}
