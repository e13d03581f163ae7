// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "digitd",
    products: [
        .executable(name: "digitd", targets: ["digitd"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Bytes and text
        .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
        .target(name: "JSONText"),
        .target(name: "Files", dependencies: ["CGnuTLS", .product(name: "SystemPackage", package: "swift-system")]),

        // Bits
        .target(name: "CBitKernels", cSettings: [.unsafeFlags(["-O3"], .when(configuration: .debug))]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Digits", dependencies: ["CBitKernels", "CZlib", "Files", "JSONText"]),

        // Learning
        .systemLibrary(name: "CLAPACK", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
        .target(name: "Classifiers", dependencies: ["CBitKernels", "CLAPACK", "Digits", "JSONText"]),
        .target(
            name: "ModelSelection",
            dependencies: [
                "Classifiers", "Digits", "Files", "JSONText",
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.embedInCode("Presets/quick.yaml"), .embedInCode("Presets/tuned.yaml"), .embedInCode("Presets/paper.yaml")]),
        .target(
            name: "ModelFiles",
            dependencies: [
                "Classifiers", "Digits", "Files", "JSONText", "ModelSelection",
            ]),

        // Threads
        .systemLibrary(name: "CLinux"),
        .target(name: "Threads", dependencies: ["CLinux", .product(name: "DequeModule", package: "swift-collections")]),

        // The wire
        .target(name: "DigitAPI", dependencies: ["Classifiers", "JSONText"]),

        // Searching in the background
        .target(
            name: "Experiments",
            dependencies: [
                "Classifiers", "CLinux", "DigitAPI", "Digits", "Files", "JSONText", "ModelFiles", "ModelSelection", "Threads",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),

        // Pictures
        .systemLibrary(name: "CPNG", pkgConfig: "libpng16", providers: [.apt(["libpng-dev"])]),
        .target(name: "Figures", dependencies: ["Classifiers", "CPNG", "Digits", "ModelSelection"]),

        // Serving
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .target(
            name: "HTTPServing",
            dependencies: ["CMicrohttpd", "CZlib", "Threads", .product(name: "Logging", package: "swift-log")]),
        .target(
            name: "DigitService",
            dependencies: [
                "Classifiers", "DigitAPI", "Digits", "Experiments", "Files", "HTTPServing", "JSONText", "ModelFiles", "ModelSelection",
                "Threads", .product(name: "Logging", package: "swift-log"),
            ]),

        // Asking a server
        .target(name: "DigitClient", dependencies: ["DigitAPI", "HTTPServing", "JSONText"]),

        // Command line
        .executableTarget(
            name: "digitd",
            dependencies: [
                "Classifiers", "DigitAPI", "DigitClient", "Digits", "DigitService", "Experiments", "Figures", "Files", "HTTPServing",
                "JSONText", "ModelFiles", "ModelSelection", "Threads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "digitd-bench",
            dependencies: [
                "Classifiers", "Digits", "Files", "ModelFiles", "ModelSelection",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests
        .target(
            name: "TestData",
            dependencies: [
                "Digits", "Threads",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ], path: "Tests/TestData"),
        .testTarget(name: "TestDataTests", dependencies: ["TestData"]),
        .testTarget(name: "JSONTextTests", dependencies: ["JSONText"]),
        .testTarget(
            name: "FilesTests", dependencies: ["Files", .product(name: "Subprocess", package: "swift-subprocess")]),
        .testTarget(name: "DigitsTests", dependencies: ["Digits", "JSONText", "TestData"]),
        .testTarget(name: "ClassifiersTests", dependencies: ["CBitKernels", "Classifiers", "Digits", "TestData"]),
        .testTarget(name: "ModelSelectionTests", dependencies: ["Classifiers", "Digits", "JSONText", "ModelSelection", "TestData"]),
        .testTarget(
            name: "ModelFilesTests",
            dependencies: [
                "Classifiers", "Digits", "Files", "ModelFiles", "ModelSelection", "TestData",
            ]),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: [
                "Classifiers", "DigitAPI", "Digits", "Experiments", "ModelFiles", "ModelSelection", "Threads",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "FiguresTests",
            dependencies: [
                "Classifiers", "CPNG", "Digits", "Figures", "ModelSelection", "TestData",
            ]),
        .testTarget(name: "HTTPServingTests", dependencies: ["HTTPServing", "Threads"]),
        .testTarget(
            name: "DigitServiceTests",
            dependencies: [
                "Classifiers", "DigitAPI", "Digits", "DigitService", "Experiments", "HTTPServing", "ModelFiles", "ModelSelection",
                "TestData", "Threads",
            ]),
        .testTarget(
            name: "digitdTests",
            dependencies: [
                "Classifiers", "DigitAPI", "DigitClient", "digitd", "Digits", "Experiments", "Files", "HTTPServing", "JSONText",
                "ModelFiles", "ModelSelection", "TestData", "Threads",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// Makes a site of the articles in Sources/digitd/Documentation.docc, for those who ask for it.
if Context.environment["DIGITD_DOCUMENTATION"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
