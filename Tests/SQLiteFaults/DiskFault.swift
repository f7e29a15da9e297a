/// What goes wrong on a disk, once.
public enum DiskFault: String, Sendable, CaseIterable {
    /// A write reaches the disk by half, and then all stops.
    case tornWrite
    /// A write, or whatever else the operation is, fails and changes nothing.
    case failure
    /// A write fails after half of it, because the disk is full.
    case full
    /// The power goes: of what was not synchronised, chance decides what is kept.
    case powerLoss
    /// The process gets the signal that it can't refuse.
    case kill
}
