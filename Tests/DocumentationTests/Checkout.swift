import Foundation

/// Where this repository and the products of its build are.
enum Checkout {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder with the build's products, the one that has the compiled modules; `nil` if it is not beside this test.
    static let products: URL? = {
        var folder = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") { folder = bundle.bundleURL }
        while folder.path(percentEncoded: false) != "/" {
            folder = folder.deletingLastPathComponent()
            let modules = folder.appending(path: "Modules")
            if FileManager.default.fileExists(atPath: modules.path(percentEncoded: false)) { return folder }
        }
        return nil
    }()
}
