// swift-tools-version: 6.2
import PackageDescription

/// The entry points that are fuzzed, with the libraries each one calls: a folder of the same name holds `Target.swift`.
/// A new one is a line here and such a folder.
let entryPoints: [(name: String, libraries: [String])] = [
    ("bytes", ["Bytes"]),
    ("archive", ["Bytes", "Capture"]),
    ("capture", ["Bytes", "Capture"]),
    ("transport", ["Bytes", "Capture", "Transport"]),
    ("frames", ["Bytes", "CCSDS", "Records", "Transport"]),
    ("packets", ["Bytes", "CCSDS", "Records", "Transport"]),
    ("messages", []),
    ("sentences", []),
    ("rdss4", ["BeiDou"]),
    ("jtt808", []),
    ("xtce", ["Bytes", "CCSDS", "Mission", "Records", "Transport"]),
    ("filter", ["Query", "Records"]),
    ("whole", ["Bytes", "Capture", "Mission", "Pipeline", "Records"]),
]

/// Those that scan messages of terminals, with what `Terminals` holds.
let terminals: Set = ["messages", "sentences", "rdss4", "jtt808"]

let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "starlane", path: "../..")],
    targets: [
        .target(name: "CFuzzer", path: "CFuzzer"),
        .target(name: "Driver", dependencies: ["CFuzzer"], path: "Driver"),
        .target(
            name: "Terminals",
            dependencies: ["Driver"]
                + ["BeiDou", "Bytes", "Records", "Transport"].map { .product(name: $0, package: "starlane") },
            path: "Terminals"),
    ]
        + entryPoints.map { entry in
            .executableTarget(
                name: "fuzz-\(entry.name)",
                dependencies: ["Driver"] + (terminals.contains(entry.name) ? ["Terminals"] : [])
                    + entry.libraries.map { .product(name: $0, package: "starlane") },
                path: entry.name)
        }
)
