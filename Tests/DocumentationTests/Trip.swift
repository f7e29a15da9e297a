import Apus

/// The state of the graph that the README tests.
struct Trip: GraphState {
    var notes: [String] = []
    static let fields: [Field<Self>] = [Field("notes", \.notes, merging: .append)]
}

struct ClosedError: Error {}

/// Two branches and a join; the hotel answers from `opening` on.
func tripGraph(opening: Instant) throws -> Graph<Trip> {
    try Graph<Trip>("trip") { g in
        let weather = g.node("weather") { trip, _ in trip.notes.append("18 °C") }
        let hotel = g.node("hotel") { trip, context in
            if context.environment.now() < opening { throw ClosedError() }
            trip.notes.append("a room with a view")
        }
        let write = g.node("write") { trip, _ in trip.notes.append("bon voyage") }
        hotel.retry(.exponential(attempts: 50, limit: .seconds(600)))
        g.start(at: weather, hotel)
        g.chain(weather, write)
        g.chain(hotel, write)
    }
}
