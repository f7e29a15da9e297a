/// How the command ended, by the numbers of `sysexits.h`.
public enum ExitCode: Int32, Sendable {
    case done = 0
    /// The arguments make no sense.
    case usage = 64
    /// The table is not one of requests.
    case badData = 65
    /// The table is not there or cannot be read.
    case noInput = 66
    /// Some notices could not be delivered; the report tells which.
    case undelivered = 69
    /// Something failed that should not.
    case failed = 70
    /// A file could not be written.
    case cannotWrite = 74
    /// The run waits for an answer, and goes on when it is resumed with one.
    case waiting = 75
}
