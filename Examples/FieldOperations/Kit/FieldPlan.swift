import Apus
import OverdueRequestsKit

/// What is to happen, and at what pace hosts look after it.
struct FieldPlan: Sendable {
    var requests: [ServiceRequest]
    var start: WallTime
    var hours: Int
    /// When the webhook is down.
    var outages: [Range<WallTime>] = []
    /// How long a host that says nothing counts as alive, and how often it looks for what nobody told it of.
    var lease = Duration.seconds(300)
    var poll = Duration.seconds(60)
    /// How long a call of the webhook may take.
    var patience = Duration.seconds(20)
    /// How long events are kept that everybody has handled, and runs that have ended; `nil` for ever.
    var memory: Duration?

    /// What is known of the data ends here.
    var end: WallTime { start.advanced(by: .seconds(hours * 3_600)) }

    var busOptions: EventBusOptions {
        var options = EventBusOptions()
        options.poll = poll
        options.idMemory = .seconds(7 * 86_400)
        options.retention = EventRetention(age: memory)
        return options
    }

    var engineOptions: EngineOptions {
        var options = EngineOptions()
        (options.poll, options.lease, options.retention.ended) = (poll, lease, memory)
        return options
    }

    var degradation: DegradationPolicy {
        var policy = DegradationPolicy()
        policy.errorRate = [.reduced: 0.25, .limited: 0.6]
        (policy.window, policy.minimumCalls, policy.dwell) = (.seconds(1_800), 6, .seconds(900))
        policy.dependencies = ["webhook": .limited]
        return policy
    }

    func queue(_ configuration: Configuration) -> WorkQueue {
        let limits = QueueLimits(
            concurrency: 8, concurrencyPerKey: configuration[FieldSettings.perAgency],
            starts: [.perKey(60, per: .seconds(3_600))])
        return WorkQueue(FieldDesk.queue, limits: limits)
    }
}
