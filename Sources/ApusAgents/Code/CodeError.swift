public import Apus

/// Why code was not run.
public struct CodeError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// A program is not described as it has to be.
        case invalidProgram
        case unknownLanguage
        /// Code and input are larger than ``CodeLimits/request``.
        case tooLarge
        /// The program `apus-confine` is not where it is looked for.
        case launcherMissing
        /// The program `apus-confine` did not do its work; ``CodeError/detail`` says what it reported.
        case launcherFailed
        /// The machine lacks ``CodeError/layers``, and nobody accepted that.
        case notConfined
        /// Code is confined on Linux alone.
        case unsupportedSystem
    }

    public var code: Code
    public var layers: [ConfinementLayer]
    public var detail: String?

    public init(_ code: Code, layers: [ConfinementLayer] = [], detail: String? = nil) {
        self.code = code
        self.layers = layers
        self.detail = detail
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code && left.layers == right.layers }

    public var failureKind: FailureKind { .permanent }

    public var description: String {
        let more = detail.map { ": \($0)" } ?? ""
        switch code {
        case .invalidProgram: return "A program is not described as it has to be\(more)."
        case .unknownLanguage: return "There is no such language\(more)."
        case .tooLarge: return "Code and input are too large\(more)."
        case .launcherMissing:
            return
                "The program apus-confine is missing\(more). Build the product apus-confine, and name its path or put it "
                + "beside the main program."
        case .launcherFailed: return "The code could not be confined and was not run\(more)."
        case .notConfined:
            let names = layers.map(\.rawValue).joined(separator: ", ")
            return
                "The code is not run, because this machine can't confine it fully. Missing: \(names)\(more). Who accepts "
                + "that says so with `.weak(without:)`, naming each."
        case .unsupportedSystem: return "Code is confined on Linux alone\(more)."
        }
    }
}
