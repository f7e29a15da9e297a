/// What keeps runs from going on.
extension Engine {
    /// Why runs that this engine took up last could not go on, by run: a full disk, a graph of another version, a damaged journal. An entry
    /// goes when its run goes on here.
    public var obstacles: [RunID: JournalError] { table.withLock { $0.obstacles } }

    /// Lists a run as dead of which something stored is damaged. If that fails, whoever meets the damage next tries again.
    func setAside(_ run: RunID, _ error: JournalError) async {
        try? await RunJournal(run, storage, .everyStep, environment).setAside("\(error)")
    }
}

extension Engine.Table {
    /// What this engine could not execute may be tried again.
    mutating func forgive(_ run: RunID) {
        agenda.forgive(run)
        obstacles[run] = nil
    }
}

extension JournalError {
    /// Whether it tells of trouble, and not of a run that goes on elsewhere or has stopped as it should.
    var isObstacle: Bool {
        switch code {
        case .fenced, .notFree, .unknownRun, .inDoubt, .poisoned: false
        default: true
        }
    }
}
