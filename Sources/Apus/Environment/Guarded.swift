import Synchronization

/// A value that one task at a time may touch: a `Mutex` whose hand-over the thread sanitizer can see.
///
/// A `Mutex` that has to wait on Linux is handed over by the kernel (a futex with priority inheritance), behind the
/// sanitizer's back, so that every contended one looks like a race. In a debug build whoever leaves writes a word that
/// whoever enters reads, which is the order that the lock imposes anyway; in a release build nothing is added.
package struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>
    #if DEBUG
        private let handOver = Atomic<Bool>(false)
    #endif

    @inline(__always)
    package init(_ value: consuming sending Value) { mutex = Mutex(value) }

    /// Calls `body` with the value, alone; it must not enter again.
    @inline(__always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        #if DEBUG
            try mutex.withLock { value throws(Failure) in
                _ = handOver.load(ordering: .acquiring)
                defer { handOver.store(true, ordering: .releasing) }
                return try body(&value)
            }
        #else
            try mutex.withLock(body)
        #endif
    }
}
