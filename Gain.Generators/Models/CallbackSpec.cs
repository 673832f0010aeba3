using System.Collections.Immutable;
using System.Linq;

namespace Gain.Generators.Models;

/// <summary>What a callback looks like: the table that parsers and emitters share.</summary>
internal sealed class CallbackSpec
{
    /// <summary>The name of the parameter that nearly every adapter has.</summary>
    public const string ConnectionName = "connection";

    /// <summary>The name of the parameter that is what the adapter of OnDatagram has instead.</summary>
    public const string DatagramName = "datagram";

    /// <summary>The name of what <c>OnDatagramClosed</c> has instead.</summary>
    public const string EndName = "end";

    /// <summary>The name of what <c>OnSession</c> has instead.</summary>
    public const string SessionName = "session";

    private static readonly ParameterSpec s_connection = new("global::Gain.Connection", ConnectionName);

    /// <summary>Every callback, in the order of <see cref="CallbackKind"/>.</summary>
    public static readonly ImmutableArray<CallbackSpec> All =
    [
        new(
            CallbackKind.Start,
            new ParameterSpec("global::Gain.GainServer", "server") { ObjectName = "started" }),
        new(CallbackKind.Accept, s_connection),
        new(CallbackKind.Connect, s_connection) { IsOptional = true },
        new(
            CallbackKind.ConnectFailed,
            s_connection,
            new ParameterSpec("global::Gain.ConnectFailure", "failure")) { IsOptional = true },
        new(CallbackKind.Read, s_connection, Bytes("data")) { MayReturnCount = true },
        new(CallbackKind.Frame, s_connection, Bytes("frame")) { HasNoAdapter = true },
        new(CallbackKind.Write, s_connection, new ParameterSpec("int", "bytes")),
        new(CallbackKind.Drained, s_connection),
        new(CallbackKind.ReadClosed, s_connection),
        new(CallbackKind.Timer, s_connection),
        new(CallbackKind.Stopping, s_connection) { IsOptional = true },
        new(
            CallbackKind.Message,
            s_connection,
            new ParameterSpec("global::Gain.CompilerServices.PostedMessage", "message", IsMessage: true)),
        new(
            CallbackKind.Datagram,
            new ParameterSpec("global::Gain.Datagram", DatagramName),
            Bytes("data")) { IsOptional = true },
        new(
            CallbackKind.DatagramClosed,
            new ParameterSpec("global::Gain.DatagramEnd", EndName)) { IsOptional = true },
        new(
            CallbackKind.ProtocolError,
            s_connection,
            new ParameterSpec("global::Gain.ProtocolError", "error")),
        new(CallbackKind.Close, s_connection, new ParameterSpec("global::Gain.CloseReason", "reason")),
        new(CallbackKind.Session, new ParameterSpec("global::Gain.SessionContext", SessionName))
        {
            ReturnType = "global::Gain.Session",
            HasNoAdapter = true,
        },
    ];

    private CallbackSpec(CallbackKind kind, params ParameterSpec[] parameters)
    {
        Kind = kind;
        Parameters = [.. parameters];
    }

    /// <summary>Which callback it is.</summary>
    public CallbackKind Kind { get; }

    /// <summary>The name of the user's method.</summary>
    public string MethodName => "On" + Kind;

    /// <summary>The adapter's parameters after the handler; the user's method takes any of them.</summary>
    public ImmutableArray<ParameterSpec> Parameters { get; }

    /// <summary>Whether the method may return <c>int</c> instead of <c>void</c>.</summary>
    public bool MayReturnCount { get; private init; }

    /// <summary>What the method returns if not <c>void</c>, fully qualified; it is static then.</summary>
    public string? ReturnType { get; private init; }

    /// <summary>Whether the interface has a default for the adapter, which is left out then.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>Whether it is called in the adapters of others.</summary>
    public bool HasNoAdapter { get; private init; }

    /// <summary>
    /// The parameter through which a worker's own instances are found; null for a callback of no worker's.
    /// </summary>
    public string? OwnerName => Parameters
        .Select(static parameter => parameter.Name)
        .FirstOrDefault(
            static name => name is ConnectionName or DatagramName or EndName or SessionName) switch
        {
            // It begins in adapters that have the connection.
            SessionName => ConnectionName,
            var name => name,
        };

    /// <summary>Whether it takes a message, without whose type it could not be called.</summary>
    public bool TakesMessage => Parameters.Any(static parameter => parameter.IsMessage);

    /// <summary>The row of one callback.</summary>
    public static CallbackSpec Of(CallbackKind kind) => All.Single(spec => spec.Kind == kind);

    private static ParameterSpec Bytes(string name) => new("global::System.ReadOnlySpan<byte>", name);
}
