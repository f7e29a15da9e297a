/// A run-local, append-only line of elements from declared senders to one reader.
public struct Channel<Element: Codable & Sendable>: Sendable {
    public let name: String
    let index: Int
}

extension GraphBuilder {
    /// Declares a channel and nodes that send along it; ``NodeHandle/sends(to:)`` declares those that come later.
    public mutating func channel<Element: Codable & Sendable>(
        _ name: String, of element: Element.Type = Element.self, from senders: NodeHandle<State>...
    ) -> Channel<Element> {
        let nodes = draft.resolve(senders, of: "channel \(name)")
        let index = draft.read { contents in
            contents.channels.append(
                DraftChannel(name: name, decode: { try JSONCoding.decode(Element.self, from: $0) }, senders: nodes))
            return contents.channels.count - 1
        }
        return Channel(name: name, index: index)
    }

    /// Runs `body` for each element of a channel as it comes, until all senders have ended. It is forked beside the senders.
    ///
    /// An element becomes visible when the activation that sent it has completed. `collect` gets the results in the order of
    /// the senders, and of each sender's elements.
    public mutating func forEach<Element: Codable & Sendable, Output: Codable & Sendable>(
        _ id: String, _ channel: Channel<Element>, concurrency: Int = 16, until: (@Sendable ([Output]) -> Bool)? = nil,
        _ body: @escaping @Sendable (Element, NodeContext) async throws -> Output,
        collect: @escaping @Sendable (inout State, [Output]) async throws -> Void
    ) -> NodeHandle<State> {
        let node = ForEachChannelNode<State, Element, Output>(
            channel: channel.index, concurrency: concurrency, until: until, body: body, collect: collect)
        return reader(id, .forEach, node, [channel.index])
    }

    /// Pairs the elements of two channels in their order and runs `body` for each pair.
    public mutating func zip<First: Codable & Sendable, Second: Codable & Sendable, Output: Codable & Sendable>(
        _ id: String, _ first: Channel<First>, _ second: Channel<Second>,
        _ body: @escaping @Sendable (First, Second, NodeContext) async throws -> Output,
        collect: @escaping @Sendable (inout State, [Output]) async throws -> Void
    ) -> NodeHandle<State> {
        let node = ZipNode<State, First, Second, Output>(
            first: first.index, second: second.index, body: body, collect: collect)
        return reader(id, .zip, node, [first.index, second.index])
    }

    private mutating func reader(
        _ id: String, _ kind: NodeOutline.Kind, _ node: any Node<State>, _ channels: [Int]
    ) -> NodeHandle<State> {
        let handle = add(id, kind, node)
        for channel in channels {
            let other = draft.read { contents -> Int? in
                defer {
                    if contents.channels[channel].reader == nil { contents.channels[channel].reader = handle.index }
                }
                return contents.channels[channel].reader
            }
            guard other != nil else { continue }
            draft.report(
                .secondExit, [handle], "A channel read by \"\(id)\" has a reader already.", "Use a channel each.")
        }
        return handle
    }
}

extension NodeHandle {
    /// Declares that the node sends along `channel`, whose reader waits for elements until this node has ended.
    @discardableResult
    public func sends<Element: Codable & Sendable>(to channel: Channel<Element>) -> Self {
        guard let draft else { return self }
        let isKnown = draft.read { contents in
            let isOwn = channel.index < contents.channels.count
            precondition(isOwn, "the channel \"\(channel.name)\" belongs to another graph")
            if contents.channels[channel.index].senders.contains(index) { return true }
            contents.channels[channel.index].senders.append(index)
            return false
        }
        if isKnown {
            draft.report(
                .duplicateTarget, [self], "The channel \"\(channel.name)\" names \(draft.quoted(self)) twice.",
                "Name it once.")
        }
        return self
    }
}

extension NodeContext {
    /// Sends `element` along `channel`. It becomes visible when this activation completes; a failed attempt's are dropped.
    public func send<Element: Codable & Sendable>(_ element: Element, to channel: Channel<Element>) {
        guard let handle = extras?.handle else {
            preconditionFailure(
                "\"\(nodeID)\" is no declared sender of the channel \"\(channel.name)\": say so with sends(to:)")
        }
        handle.send(element, to: channel.index, by: body)
    }
}
