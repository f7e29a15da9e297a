import Apus
import ApusTesting
import CSQLite
import Foundation

/// A file system layer for SQLite in which the n-th operation goes wrong.
///
/// Operations are what changes files: writing, truncating, synchronising and deleting. Files opened before a crash are dead after it,
/// as if their process was; those opened after ``heal()`` find what the crash left. Nothing is really synchronised, so tests are quick.
public final class FaultyDisk: Sendable {
    fileprivate struct State {
        var operations = 0
        var fault: (points: Range<Int>, kind: DiskFault)?
        var hasFired = false
        /// Files of earlier lives are dead.
        var life = 0
        /// Whether a crash has left nobody who could open files.
        var isDown = false
        var unsynchronised: [String: UnsynchronisedWrites] = [:]
        var chance: SeededGenerator
    }

    /// The name under which SQLite knows the layer.
    public let name: String
    private let state: Guarded<State>

    /// Registers a layer under a name that no other has.
    public init(name: String, seed: UInt64) {
        self.name = name
        state = Guarded(State(chance: SeededGenerator(seed: seed)))
        FaultyLayer.register(self)
    }

    /// Lets operation number `point` from now on, counted from 1, go wrong, and so many in all.
    public func plan(_ kind: DiskFault, at point: Int, times: Int = 1) {
        state.withLock { state in
            let first = state.operations + point
            state.fault = (first..<first + times, kind)
            state.hasFired = false
        }
    }

    /// Lets nothing go wrong any more, and files be opened after a crash.
    public func heal() {
        state.withLock { state in
            state.fault = nil
            state.isDown = false
        }
    }

    public var operations: Int { state.withLock { $0.operations } }
    public var hasFired: Bool { state.withLock { $0.hasFired } }

    /// Stops everything until ``heal()``. With `losingPower`, chance takes part of what was not synchronised.
    public func crash(losingPower: Bool = false) { state.withLock { $0.crash(losingPower: losingPower) } }

    var life: Int { state.withLock { $0.life } }
    var isDown: Bool { state.withLock { $0.isDown } }

    // MARK: Called by the layer

    /// Calls `body` for an operation that changes a file, unless the file is dead or a fault is due.
    func operate(on file: FaultyFile, _ operation: FaultyOperation, _ body: () -> Int32) -> Int32 {
        state.withLock { state in
            guard file.life == state.life else { return SQLITE_IOERR }
            state.operations += 1
            if let fault = state.fault, fault.points.contains(state.operations) {
                return state.fail(fault.kind, file, operation)
            }
            state.remember(operation, of: file)
            return body()
        }
    }
}

extension FaultyDisk.State {
    mutating func crash(losingPower: Bool) {
        life += 1
        isDown = true
        if losingPower {
            for path in unsynchronised.keys.sorted() {
                let kept = chance.next()
                unsynchronised[path]?.keep { number in SeededGenerator.chance(kept, number) }
            }
        }
        unsynchronised = [:]
    }

    mutating func fail(_ kind: DiskFault, _ file: FaultyFile, _ operation: FaultyOperation) -> Int32 {
        hasFired = true
        switch kind {
        case .kill: Foundation.kill(getpid(), SIGKILL)
        case .powerLoss:
            remember(operation, of: file)
            if case .write(let bytes, let offset) = operation { _ = file.write(bytes, at: offset) }
            crash(losingPower: true)
        case .tornWrite:
            if case .write(let bytes, let offset) = operation {
                _ = file.write(bytes.prefix(bytes.count / 2), at: offset)
            }
            crash(losingPower: false)
        case .full:
            guard case .write(let bytes, let offset) = operation else { break }
            let half = bytes.prefix(bytes.count / 2)
            remember(.write(half, offset), of: file)
            _ = file.write(half, at: offset)
            return SQLITE_FULL
        case .failure: break
        }
        return operation.failure
    }

    mutating func remember(_ operation: FaultyOperation, of file: FaultyFile) {
        switch operation {
        case .write(let bytes, let offset):
            unsynchronised[file.path, default: UnsynchronisedWrites(path: file.path)].add(bytes, at: offset)
        case .truncate(let size):
            unsynchronised[file.path, default: UnsynchronisedWrites(path: file.path)].truncate(to: size)
        case .synchronise: unsynchronised[file.path] = nil
        }
    }
}

extension SeededGenerator {
    /// Whether write number `number` is kept: each by a coin of its own.
    fileprivate static func chance(_ seed: UInt64, _ number: Int) -> Bool {
        SeededGenerator.mix(seed &+ UInt64(number)) & 1 == 0
    }
}
