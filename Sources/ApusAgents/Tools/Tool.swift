public import Apus

/// Something that a model can have done.
///
/// Input and output are `Codable`: the schema that a model is told comes from the input's type, what a model writes is
/// checked against it before ``call(_:_:)`` sees it, and what ``call(_:_:)`` throws goes back to the model as words.
public protocol Tool<Input, Output>: Sendable {
    associatedtype Input: Codable & Sendable
    associatedtype Output: Codable & Sendable

    /// Letters, digits, `_` and `-`, 64 at most, as all providers take them.
    var name: String { get }
    /// For the model: what it does, when to use it.
    var description: String { get }
    /// What a crash means for it, how long it may take, and who has to agree.
    var policy: ToolPolicy { get }

    func call(_ input: Input, _ context: ToolContext) async throws -> Output
}

extension Tool {
    public var policy: ToolPolicy { ToolPolicy() }
}

/// How a tool is called.
public struct ToolPolicy: Sendable, Hashable, Codable {
    /// What is done when a crash left open whether a call happened.
    public enum Effect: String, Sendable, Hashable, Codable {
        /// It only looks: it is called again.
        case readOnly
        /// It is called again with the same ``ToolContext/key``, by which the outside tells a repetition.
        case idempotent
        /// It is never called again; the run stops in doubt until somebody decides.
        case atMostOnce
    }

    /// Whether a call needs somebody's agreement.
    public enum Permission: String, Sendable, Hashable, Codable, Comparable {
        case allow
        /// A person is asked each time, and sees the exact arguments.
        case ask
        /// Never; nothing overrides it.
        case deny

        private var rank: Int { self == .allow ? 0 : self == .ask ? 1 : 2 }
        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    /// Which way words go through a tool, between the agent and those whom nobody vouches for.
    public struct Flow: OptionSet, Sendable, Hashable, Codable {
        public let rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        /// It brings in what anybody may have written: pages, mails, results of searches. From then on the conversation is *tainted*.
        public static let brings = Self(rawValue: 1)
        /// It sends something out: in a tainted conversation a person is asked first, whatever ``ToolPolicy/permission`` says.
        public static let sends = Self(rawValue: 1 << 1)
    }

    public var effect: Effect
    public var permission: Permission
    public var flow: Flow
    /// Of one attempt.
    public var timeout: Duration?
    /// How often it is tried while its errors may pass, with growing pauses; once where the effect is ``Effect/atMostOnce``.
    public var attempts: Int

    public init(
        effect: Effect = .idempotent, permission: Permission = .allow, flow: Flow = [],
        timeout: Duration? = .seconds(60), attempts: Int = 1
    ) {
        self.effect = effect
        self.permission = permission
        self.flow = flow
        self.timeout = timeout
        self.attempts = attempts
    }

    public static let readOnly = Self(effect: .readOnly)
}

/// What a call of a tool knows of where it happens.
public struct ToolContext: Sendable {
    /// The node whose run this is, with its environment, signals and questions.
    public let node: NodeContext
    /// As the model named it.
    public let callID: String
    /// The same for every try of this call and of no other, for the outside to tell repetitions by.
    public let key: String
    /// What whoever works on the call may spend: its share of what the agent has left.
    public let budget: Budget
    /// Where words in the conversation came from that anybody may have written: names of tools.
    public let taint: [String]

    public var environment: any Environment { node.environment }
    public var runID: RunID { node.runID }

    package init(
        _ node: NodeContext, callID: String, key: String, budget: Budget = Budget(), taint: [String] = []
    ) {
        self.node = node
        self.callID = callID
        self.key = key
        self.budget = budget
        self.taint = taint
    }
}
