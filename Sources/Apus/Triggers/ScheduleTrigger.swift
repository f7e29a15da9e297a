public import Foundation

/// Fires at the moments of a schedule.
public final class ScheduleTrigger: ScheduledTrigger {
    public let name: String
    public let schedule: Schedule
    private let bells = Guarded<[String: Doorbell]>([:])

    public init(_ name: String, _ schedule: Schedule) {
        self.name = name
        self.schedule = schedule
    }

    /// Its firings, none left out however late they are taken: what is too late is up to the host's policy.
    public func register(_ registration: TriggerRegistration) -> Firings {
        let bell = Doorbell()
        bells.withLock { $0[registration.id] = bell }
        let first = registration.position.flatMap { Int64($0.rawValue) }.map { WallTime(milliseconds: $0) }
        let last = Guarded(first ?? registration.since)
        return Firings { [self] in
            let environment = registration.environment
            guard let due = schedule.next(after: last.withLock(\.self)) else { return nil }
            while !Task.isCancelled, bells.withLock({ $0[registration.id] != nil }) {
                let now = environment.now().wallTime
                if now < due {
                    await bell.wait(min(now.duration(to: due), .seconds(60)), environment)
                    continue
                }
                last.withLock { $0 = due }
                let position = TriggerPosition("\(due.milliseconds)")
                return Arrival(Firing(position.rawValue, due: due, position: position))
            }
            return nil
        }
    }

    public func unregister(_ registration: TriggerRegistration) {
        bells.withLock { $0.removeValue(forKey: registration.id) }?.ring()
    }
}

extension Trigger where Self == ScheduleTrigger {
    /// Fires as a cron expression says, on the clock of a zone.
    public static func cron(
        _ name: String, _ text: String, in zone: TimeZone = .gmt
    ) throws(CronError) -> ScheduleTrigger {
        ScheduleTrigger(name, try .cron(text, in: zone))
    }

    /// Fires each time that `duration` has passed since `anchor`.
    public static func every(
        _ name: String, _ duration: Duration, from anchor: WallTime = WallTime(milliseconds: 0)
    ) -> ScheduleTrigger {
        ScheduleTrigger(name, .every(duration, from: anchor))
    }

    /// Fires at these moments, each once.
    public static func at(_ name: String, _ moments: WallTime...) -> ScheduleTrigger {
        ScheduleTrigger(name, .at(moments))
    }
}
