import Apus

/// A commit on its way through a group.
struct CommitMember {
    enum Work {
        case batch(StorageBatch, CheckedContinuation<Void, any Error>)
        case transact(TransactJob)
    }

    let work: Work
    /// The batch, once it is known.
    var batch = StorageBatch()
    /// Why it was refused, alone of its group.
    var refusal: (any Error)?
    /// Whether statements of the caller have run. They never run twice.
    var hasRun = false

    init(_ work: Work) {
        self.work = work
        if case .batch(let batch, _) = work { self.batch = batch }
    }

    func finish(_ error: (any Error)?) {
        switch work {
        case .transact(let job): job.finish(error.map(publicError))
        case .batch(_, let continuation):
            if let error { continuation.resume(throwing: publicError(error)) } else { continuation.resume() }
        }
    }
}
