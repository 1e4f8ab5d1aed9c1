/// Turns the elements of an XTCE document into a model, and tells of everything that it cannot honour.
///
/// What is wrong with a type or a container is kept with it as a defect: it becomes an error when something that can be
/// decoded uses it, and a warning when nothing does. Wrong references are errors at once.
final class Loader {
    let reporter: Reporter
    let options: Database.Options
    var model = Model()
    /// The element of each type, parameter and container of the model.
    var typeElements: [(element: Element, system: Int)] = []
    var parameterElements: [(element: Element, system: Int)] = []
    var containerElements: [(element: Element, system: Int)] = []
    var typeStates: [BuildState] = []
    /// Where ``fail(_:_:)`` puts errors: the defects of what is being read.
    var defects: [Diagnostic] = []
    private var hasMentionedCommands = false

    /// Attributes that describe, and that no decoded value depends on.
    private static let descriptive: Set<String> = [
        "name", "shortDescription", "operationalStatus", "changeThreshold", "expression",
    ]

    enum BuildState { case untouched, building, built }

    init(reporter: Reporter, options: Database.Options) {
        self.reporter = reporter
        self.options = options
    }

    /// Something that would change a value, in what is being read.
    func fail(_ position: Position, _ message: String) { defects.append(reporter.make(.error, position, message)) }

    func load(_ root: Element) {
        guard root.name == "SpaceSystem" else {
            reporter.error(
                root.position, "the root element is \(root.name), a database begins with SpaceSystem: give an XTCE file"
            )
            return
        }
        register(root, parent: nil)
        model.types = typeElements.map { TypeModel(name: "", category: .integer, position: $0.element.position) }
        for index in typeElements.indices { build(type: index) }
        for index in parameterElements.indices { build(parameter: index) }
        for index in containerElements.indices { build(container: index) }
        breakCycles()
        remark(on: root)
    }

    // MARK: Declarations

    /// Enters a space system and what is declared in it, so that references find it whatever the order. The depth of
    /// the tree is bounded by the reader.
    private func register(_ element: Element, parent: Int?) {
        let name = element["name"] ?? ""
        if name.isEmpty {
            reporter.error(element.position, "a SpaceSystem has no name, names are required: add the attribute")
        }
        let index = model.systems.count
        let path = (parent.map { model.systems[$0].path } ?? []) + [name]
        model.systems.append(SystemModel(name: name, path: path, parent: parent, position: element.position))
        if let parent, !name.isEmpty, model.systems[parent].subsystems.updateValue(index, forKey: name) != nil {
            duplicate(element, name)
        }
        for child in element.all() {
            switch child.name {
            case "SpaceSystem": register(child, parent: index)
            case "TelemetryMetaData": register(telemetry: child, system: index)
            case "CommandMetaData":
                child.touchAll()
                if !hasMentionedCommands {
                    reporter.warning(
                        child.position, "CommandMetaData is not read, only telemetry is decoded: nothing to do")
                    hasMentionedCommands = true
                }
            case "Header", "LongDescription", "AliasSet", "AncillaryDataSet", "ServiceSet": child.touchAll()
            default: unknown(child, in: element)
            }
        }
    }

    private func register(telemetry element: Element, system: Int) {
        for set in element.all() {
            switch set.name {
            case "ParameterTypeSet":
                for child in set.all() { declare(child, system, \.types, &typeElements) }
            case "ParameterSet":
                for child in set.all() {
                    if child.name == "Parameter" {
                        declare(child, system, \.parameters, &parameterElements)
                    } else {
                        unknown(child, in: set)
                    }
                }
            case "ContainerSet":
                for child in set.all() {
                    if child.name == "SequenceContainer" {
                        declare(child, system, \.containers, &containerElements)
                    } else {
                        unknown(child, in: set)
                    }
                }
            case "AlgorithmSet", "StreamSet", "MessageSet":
                set.touchAll()
                reporter.warning(
                    set.position,
                    "\(set.name) is not supported yet: parameters that are derived from others will have no values")
            case "LongDescription", "AncillaryDataSet": set.touchAll()
            default: unknown(set, in: element)
            }
        }
        typeStates = Array(repeating: .untouched, count: typeElements.count)
    }

    private func declare(
        _ element: Element, _ system: Int, _ names: WritableKeyPath<SystemModel, [String: Int]>,
        _ elements: inout [(element: Element, system: Int)]
    ) {
        guard let name = element["name"], !name.isEmpty else {
            reporter.error(element.position, "\(element.name) has no name, names are required: add the attribute")
            return
        }
        if model.systems[system][keyPath: names].updateValue(elements.count, forKey: name) != nil {
            duplicate(element, name)
        }
        elements.append((element, system))
    }

    private func duplicate(_ element: Element, _ name: String) {
        reporter.error(
            element.position,
            "\(element.name) \"\(name)\" is declared twice in one space system, names there are unique: rename one")
    }

    private func build(parameter index: Int) {
        let (element, system) = parameterElements[index]
        let name = element["name"] ?? ""
        var aliases: [String] = []
        for child in element.all() {
            switch child.name {
            case "AliasSet":
                child.touchAll()
                aliases += child.all().compactMap { $0["alias"] }.map { $0.replacing("/", with: ".") }
            case "ParameterProperties":
                child.touchAll()
                if let condition = child.child("ValidityCondition") {
                    reporter.warning(
                        condition.position, "ValidityCondition is not supported yet: values are shown as if it held")
                }
            case "LongDescription", "AncillaryDataSet": child.touchAll()
            default: unknown(child, in: element)
            }
        }
        var type: Int?
        if let reference = element["parameterTypeRef"] {
            type = resolve(reference, from: system, \.types, "parameter type", element.position)
        } else {
            reporter.error(element.position, "parameter \"\(name)\" has no type: add the attribute parameterTypeRef")
        }
        model.parameters.append(
            ParameterModel(
                name: name, qualifiedName: model.systems[system].qualified(name), system: system,
                aliases: aliases,
                description: element["shortDescription"] ?? "", type: type, initialValue: element["initialValue"],
                position: element.position))
    }

    // MARK: What is not known

    /// An element that is not in the standard, or not known to change any value.
    func unknown(_ element: Element, in parent: Element) {
        element.touchAll()
        reporter.warning(
            element.position, "\(element.name) in \(parent.name) is not known and not read: check its name")
    }

    /// Tells of every element and attribute that nobody asked for.
    private func remark(on element: Element) {
        for attribute in element.attributes where !attribute.isTouched {
            let name = attribute.name
            if name == "xmlns" || name.hasPrefix("xmlns:") || name.hasPrefix("xsi:") || name.hasPrefix("xml:") {
                continue
            }
            if Self.descriptive.contains(name) { continue }
            reporter.warning(
                element.position,
                "attribute \(name)=\"\(attribute.value)\" of \(element.name) is not read: check its name")
        }
        for child in element.children {
            if child.isTouched {
                remark(on: child)
            } else {
                unknown(child, in: element)
            }
        }
    }
}
