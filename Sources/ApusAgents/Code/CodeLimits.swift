/// How much a run of code may take.
///
/// Some limits end the run: of time, of a processor's time and of output. The others refuse: the code is told that there is no more
/// memory, that there are no more processes or that a file is too large, and goes on or fails as it sees fit.
public struct CodeLimits: Sendable, Hashable, Codable {
    /// By the clock of the environment, from the start on.
    public var wallTime: Duration = .seconds(30)
    /// Of a processor, for each process; rounded up to seconds.
    public var processorTime: Duration = .seconds(10)
    /// Bytes of address space for each process. An interpreter needs some of it for itself; less than 64 MB is not heeded.
    public var memory = 512 << 20
    /// Processes and threads together. Without ``ConfinementLayer/userNamespace`` all of the same user count.
    public var processes = 16
    public var openFiles = 64
    /// Bytes of each file.
    public var fileSize = 16 << 20
    /// Bytes of all files together; they are kept in memory. Without ``ConfinementLayer/mountNamespace`` it does not hold.
    public var storage = 64 << 20
    /// Bytes that are kept of the output, and as many of the errors: the first half and the last.
    public var output = 64 << 10
    /// Bytes that output and errors may have together.
    public var totalOutput = 16 << 20
    /// Bytes of code and input together.
    public var request = 1 << 20

    public init() {}

    /// Both limits at once.
    func tightened(by other: Self?) -> Self {
        guard let other else { return self }
        var limits = Self()
        limits.wallTime = min(wallTime, other.wallTime)
        limits.processorTime = min(processorTime, other.processorTime)
        for path in Self.counts { limits[keyPath: path] = min(self[keyPath: path], other[keyPath: path]) }
        return limits
    }

    private static let counts: [any WritableKeyPath<Self, Int> & Sendable] = [
        \.memory, \.processes, \.openFiles, \.fileSize, \.storage, \.output, \.totalOutput, \.request,
    ]
}

/// Something a run of code may take only so much of.
@nonexhaustive
public enum CodeLimit: String, Sendable, Hashable, Codable, CaseIterable {
    case wallTime, processorTime, memory, processes, openFiles, fileSize, storage, output
    /// A call of the operating system for which a program is ended.
    case calls
}
