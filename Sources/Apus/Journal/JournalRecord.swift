/// One thing that happened in a run, as it is written down.
///
/// The tags are a closed set: a journal with any other is refused. What a record says beyond its tag stands in columns, most of
/// which most records leave out.
package struct JournalRecord: Sendable, Equatable {
    /// What happened. The raw values are part of the stored format.
    package enum Tag: String, Sendable, CaseIterable {
        /// The run began: `name` the graph, `number` tells this beginning from all others, `value` the first state, `note` the entry,
        /// `time` the deadline.
        case began = "begin"
        /// A worker, `name`, took the run up; `number` counts how often that happened.
        case claimed = "claim"
        /// The worker let go of the run: `name` is the status it is in, if it is not waiting, `time` when it is to be woken.
        case released = "release"
        /// An activation completed: `choices` its exit, `value` its change, `sent` what it sent.
        case done
        /// An activation was passed over; `note` is the error.
        case passed = "pass"
        /// An activation failed for good; `note` is the error, and `number` is 1 if the run goes on by its failure exit.
        case failed = "fail"
        /// An activation was cancelled by a region.
        case cancelled = "cancel"
        /// A body of a composite ended well: `number` which one, `value` its result.
        case element
        /// A body of a composite failed: `number` which one, `note` the error.
        case elementFailed = "elementFail"
        /// An effect, `name`, is about to be tried: `number` how often, `note` its kind.
        case intent
        /// The effect came to `value`.
        case effect
        /// The effect failed with `note`.
        case effectFailed = "effectFail"
        /// Somebody decided what became of an effect in doubt: `value` if it happened, nothing if it did not.
        case resolved = "resolve"
        /// A question, `name`, was asked: `value` its text and choices, `time` when it expires.
        case asked = "ask"
        case answered = "answer"
        case expired = "expire"
        /// An activation waits no longer for the question `name`, or with a `number` for the signal `name`.
        case withdrawn = "withdraw"
        /// An activation sleeps until `time`; `name` tells its sleeps apart.
        case slept = "sleep"
        /// An activation waits for the signal `name`, the `number`th time.
        case awaited = "await"
        /// An activation received the signal `name` for the `number`th time.
        case signalled = "signal"
        /// What undoes completed work was registered: `name`, `value` what it needs, `number` tells those of one name apart.
        case compensation = "undo"
        /// The compensation `name`, `number`, was performed.
        case compensated = "undone"
        /// What was registered behind the point `number` is to be undone, and then the run is over.
        case undoing = "revert"
        /// What came before is what the run `name` had done at its point `number`; `value` is a change to go on with, if any.
        case forked = "fork"
        /// All of the run as it is now: `value` says it.
        case snapshot
        /// What failed is to be tried again, in all of the run; or the graph inside of an activation begins anew.
        case retried = "retry"
        /// The run ended: `name` how, `note` why, `value` the final state.
        case ended = "end"
    }

    package var tag: Tag
    /// The activation concerned, as text.
    package var activation: String?
    package var name: String?
    package var number: Int?
    package var choices: [Int]?
    /// JSON.
    package var value: [UInt8]?
    /// JSON: what was sent along channels.
    package var sent: [UInt8]?
    package var note: String?
    package var time: WallTime?

    package init(
        _ tag: Tag, _ activation: String? = nil, name: String? = nil, number: Int? = nil, choices: [Int]? = nil,
        value: [UInt8]? = nil, sent: [UInt8]? = nil, note: String? = nil, time: WallTime? = nil
    ) {
        self.tag = tag
        self.activation = activation
        self.name = name
        self.number = number
        self.choices = choices
        self.value = value
        self.sent = sent
        self.note = note
        self.time = time
    }
}

extension JournalRecord {
    /// How a question is named from outside: by its activation and its own name.
    package var question: String { "\(activation ?? "")?\(name ?? "")" }

    /// As an object whose keys are the first letters of the columns.
    func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.key("t")
            object.string(tag.rawValue)
            if let activation { object.member("a", activation) }
            if let name { object.member("n", name) }
            if let number {
                object.key("i")
                object.number(number)
            }
            if let choices {
                object.key("c")
                object.array { array in for choice in choices { array.number(choice) } }
            }
            if let value {
                object.key("v")
                object.raw(value)
            }
            if let sent {
                object.key("s")
                object.raw(sent)
            }
            if let note { object.member("e", note) }
            if let time {
                object.key("u")
                object.number(time.milliseconds)
            }
        }
    }

    init(from reader: inout JSONReader) throws(JSONReader.Malformed) {
        var tag: Tag?
        var record = JournalRecord(.began)
        try reader.object { key, reader throws(JSONReader.Malformed) in
            switch key {
            case "t":
                let text = try reader.string()
                tag = Tag(rawValue: text)
                if tag == nil { throw JSONReader.Malformed(offset: 0, expected: "a known tag and not \"\(text)\"") }
            case "a": record.activation = try reader.string()
            case "n": record.name = try reader.string()
            case "i": record.number = Int(truncatingIfNeeded: try reader.integer())
            case "c":
                var choices: [Int] = []
                try reader.array { reader throws(JSONReader.Malformed) in
                    choices.append(Int(truncatingIfNeeded: try reader.integer()))
                }
                record.choices = choices
            case "v": record.value = try reader.raw()
            case "s": record.sent = try reader.raw()
            case "e": record.note = try reader.string()
            case "u": record.time = WallTime(milliseconds: try reader.integer())
            default: throw JSONReader.Malformed(offset: 0, expected: "a known column and not \"\(key)\"")
            }
        }
        guard let tag else { throw JSONReader.Malformed(offset: 0, expected: "a tag") }
        record.tag = tag
        self = record
    }
}

extension JSONWriter {
    mutating func member(_ key: String, _ value: String) {
        self.key(key)
        string(value)
    }
}
