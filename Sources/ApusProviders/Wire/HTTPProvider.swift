import Apus
public import ApusAgents

/// A model behind a vendor's HTTP interface: sends, checks, decodes; the dialect says in which words.
public struct HTTPProvider<Dialect: ChatDialect>: LLMProvider {
    public let info: ModelInfo
    public var dialect: Dialect
    public var endpoint: Endpoint

    public init(_ info: ModelInfo, _ dialect: Dialect, at endpoint: Endpoint) {
        self.info = info
        self.dialect = dialect
        self.endpoint = endpoint
    }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        try info.check(request)
        return try await faultless {
            let call = try dialect.call(request, to: info.model, isStreamed: false)
            return try dialect.response(try await whole(endpoint.send(call)))
        }
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        try info.check(request, isStreamed: true)
        let answer = try await faultless {
            try await endpoint.send(dialect.call(request, to: info.model, isStreamed: true))
        }
        let type = answer.headers["content-type"]
        guard let framing = StreamFraming.named(by: type, or: dialect.framing) else {
            return try await deliver(faultless { try dialect.response(try await whole(answer)) }, receive)
        }
        return try await read(answer.body, framing, receive)
    }

    private func read(
        _ body: HTTPBody, _ framing: StreamFraming, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        var stream = ChatStream(dialect, of: info, framing: framing, eventLimit: endpoint.limits.event)
        while !stream.isComplete {
            let chunk: [UInt8]?
            do {
                chunk = try await body.next()
            } catch {
                throw stream.error(error)
            }
            guard let chunk else {
                return try await handOver(receive) { emit in try stream.finish(emit) }
            }
            try await handOver(receive) { emit in try stream.consume(chunk, emit) }
        }
        // What follows adds to the answer at most: no failure there takes it away.
        let rest = await rest(of: body)
        try await handOver(receive) { emit in
            for chunk in rest { try? stream.consume(chunk, emit) }
        }
        return try stream.finish()
    }

    /// What stands behind the end of an answer, nearly always nothing, up to the end of the body.
    ///
    /// It has to be read, because a connection whose answer is given up can't be used again; but it is not waited for long.
    private func rest(of body: HTTPBody) async -> [[UInt8]] {
        let rest = try? await endpoint.environment.within(.milliseconds(250)) {
            var chunks: [[UInt8]] = []
            while let chunk = try await body.next() { chunks.append(chunk) }
            return chunks
        } onTimeout: {
            CancellationError()
        }
        return rest ?? []
    }

    /// Hands over the pieces that `body` emits, also those before an error of its.
    private func handOver<Value>(
        _ receive: @Sendable (ChatEvent) async throws -> Void, _ body: ((ChatEvent) -> Void) throws -> Value
    ) async throws -> Value {
        var pieces: [ChatEvent] = []
        let outcome = Result { try body { pieces.append($0) } }
        for piece in pieces { try await receive(piece) }
        return try outcome.get()
    }

    /// Hands over an answer that came as a whole though a stream was asked for.
    private func deliver(
        _ response: ChatResponse, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        try await receive(.began(id: response.id, model: response.model))
        for (index, part) in response.message.parts.enumerated() { try await receive(.part(part, index: index)) }
        try await receive(.usage(response.usage))
        try await receive(.finished(response.finish))
        return response
    }
}

extension HTTPProvider: EmbeddingProvider where Dialect: EmbeddingDialect {
    public func embed(_ texts: [String]) async throws -> Embeddings {
        try await faultless {
            let call = try dialect.embeddingCall(texts, to: info.model)
            let embeddings = try dialect.embeddings(try await whole(endpoint.send(call)))
            guard embeddings.vectors.count == texts.count else {
                throw AnswerFault(.malformedAnswer, "\(embeddings.vectors.count) vectors came for \(texts.count) texts")
            }
            return embeddings
        }
    }
}

extension HTTPProvider {
    /// A whole answer as JSON; one that complains under a good status is an error, too.
    private func whole(_ response: HTTPResponse) async throws -> JSON {
        let body = try await response.body.collect(limit: endpoint.limits.body)
        guard let json = try? JSON(parsing: body) else {
            throw AnswerFault(.malformedAnswer, "the answer is not JSON", status: response.status)
        }
        return json
    }

    private func faultless<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let fault as AnswerFault {
            throw fault.error(info)
        } catch let error as HTTPError {
            throw AnswerFault(error).error(info)
        }
    }
}
