extension NodeContext {
    /// The level that this attempt sees: the one of the first time it asks.
    ///
    /// In a run that is written down it is, like a signal, an input that the journal records, so an activation that runs again after
    /// a crash or a wait takes the same way. An attempt that follows a failed one, and a run that is tried again, look anew.
    public func level(of degradation: Degradation) -> DegradationLevel {
        guard let journal = (site.services as? RunCore)?.journal else { return degradation.level }
        let (place, name) = ("\(activation)", "\(RunPast.levelName)/\(degradation.name)")
        if let json = journal.signal(name, attempt, of: place), let level = try? JSONCoding.decode(Int.self, from: json)
        {
            return DegradationLevel(rawValue: level) ?? .normal
        }
        let level = degradation.level
        journal.add(
            JournalRecord(.signalled, place, name: name, number: attempt, value: Array("\(level.rawValue)".utf8)))
        return level
    }
}
