namespace Gain.Generators.Emitting;

/// <summary>The names that emitted code uses, qualified: no name of the user's hides them.</summary>
internal static class Names
{
    public const string Protocol = "global::Gain.CompilerServices.IProtocol";
    public const string Callbacks = "global::Gain.CompilerServices.Callbacks";
    public const string Operation = "global::Gain.CompilerServices.Operation";
    public const string Token = "global::Gain.CompilerServices.Token";
    public const string Completion = "global::Gain.Uring.CompletionEntry";
    public const string PerWorkerBuilder = "global::Gain.CompilerServices.PerWorkerBuilder";
    public const string MailboxBuilder = "global::Gain.CompilerServices.MailboxBuilder";
    public const string SessionCalls = "global::Gain.CompilerServices.SessionCalls";
    public const string PerWorkerState = "global::Gain.CompilerServices.PerWorkerState";
    public const string Framing = "global::Gain.CompilerServices.Framing";
    public const string ProtocolErrorKind = "global::Gain.ProtocolErrorKind";
    public const string ByteSpan = "global::System.ReadOnlySpan<byte>";
    public const string BinaryPrimitives = "global::System.Buffers.Binary.BinaryPrimitives";
    public const string MemoryExtensions = "global::System.MemoryExtensions";
    public const string GeneratedCode = "global::System.CodeDom.Compiler.GeneratedCode";
}
