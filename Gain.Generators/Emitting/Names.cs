namespace Gain.Generators.Emitting;

/// <summary>The names that emitted code uses, qualified: no name of the user's hides them.</summary>
internal static class Names
{
    public const string Protocol = "global::Gain.Workers.IProtocol";
    public const string Callbacks = "global::Gain.Workers.Callbacks";
    public const string Operation = "global::Gain.Workers.Operation";
    public const string Token = "global::Gain.Workers.Token";
    public const string Worker = "global::Gain.Workers.Worker";
    public const string Completion = "global::Gain.Uring.CompletionEntry";
    public const string PerWorkerBuilder = "global::Gain.Workers.PerWorkerBuilder";
    public const string MailboxBuilder = "global::Gain.Workers.MailboxBuilder";
    public const string PerWorkerState = "global::Gain.Connections.PerWorkerState";
    public const string Framing = "global::Gain.Connections.Framing";
    public const string ProtocolErrorKind = "global::Gain.ProtocolErrorKind";
    public const string ByteSpan = "global::System.ReadOnlySpan<byte>";
    public const string BinaryPrimitives = "global::System.Buffers.Binary.BinaryPrimitives";
    public const string MemoryExtensions = "global::System.MemoryExtensions";
    public const string GeneratedCode = "global::System.CodeDom.Compiler.GeneratedCode";
}
