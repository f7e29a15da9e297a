import Apus

extension RunRecording: CustomStringConvertible {
    /// The run in one line, for the text of a failed expectation: what started, what failed or was skipped, and how it ended.
    public var description: String {
        var steps: [String] = []
        var elements: (id: String, count: Int)?
        for event in events {
            if case .started(let id, attempt: 1) = event.kind, let element = id.path.last, element.index != nil {
                let name = id.description.prefix { $0 != "[" }
                elements = (String(name), (elements?.id == String(name) ? elements?.count ?? 0 : 0) + 1)
                continue
            }
            guard let step = Self.step(event.kind) else { continue }
            if let elements { steps.append(Self.text(of: elements)) }
            elements = nil
            steps.append(step)
        }
        if let elements { steps.append(Self.text(of: elements)) }
        return (steps + [ending]).joined(separator: ", ")
    }

    private static func text(of elements: (id: String, count: Int)) -> String {
        "\(elements.id)[\(elements.count) elements]"
    }

    private static func step(_ kind: RunEvent.Kind) -> String? {
        switch kind {
        case .started(let id, let attempt): attempt == 1 ? "\(id)" : "\(id) again"
        case .failed(let id, let error): "\(id) failed (\(error))"
        case .skipped(let id): "\(id) skipped"
        case .passedOver(let id, let error): "\(id) passed over (\(error))"
        case .cancelled(let id): "\(id) cancelled"
        default: nil
        }
    }

    private var ending: String {
        switch outcome {
        case .completed: "run completed"
        case .failed(let error): "run failed (\(error))"
        case .cancelled: "run cancelled"
        case .unfinished: "run unfinished"
        }
    }
}
