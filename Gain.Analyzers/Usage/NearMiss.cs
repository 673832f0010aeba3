using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Usage;

/// <summary>Finds the callback that a method of another name was meant to be.</summary>
internal static class NearMiss
{
    private const int MaxDistance = 2;

    // A name of some other framework may have a slip of its own, as in OnRecieve.
    private const int MaxDistanceToSynonym = 1;

    /// <summary>What other frameworks call them. A callback's own name is never looked up here.</summary>
    private static readonly ImmutableArray<(CallbackKind Kind, string[] Names)> s_synonyms =
    [
        (CallbackKind.Start, ["OnStarted", "OnListening", "OnServerStarted"]),
        (CallbackKind.Accept, ["OnConnected", "OnConnection", "OnOpen", "OnOpened"]),
        (CallbackKind.ConnectFailed, ["OnConnectError", "OnConnectionFailed", "OnDialFailed"]),
        (CallbackKind.Frame, ["OnMessageReceived", "OnPacket", "OnLine", "OnReceive", "OnData"]),
        (
            CallbackKind.Read,
            ["OnReceive", "OnReceived", "OnData", "OnDataReceived", "OnBytes", "OnRecv"]),
        (CallbackKind.Write, ["OnSend", "OnSent", "OnWritten", "OnSendCompleted"]),
        (CallbackKind.Drained, ["OnWritable", "OnWriteReady"]),
        (CallbackKind.ReadClosed, ["OnEof", "OnFin", "OnEndOfStream", "OnHalfClosed", "OnShutdown"]),
        (CallbackKind.Timer, ["OnTick", "OnTimeout", "OnElapsed", "OnTimerElapsed"]),
        (CallbackKind.Stopping, ["OnStop", "OnServerStopping", "OnShuttingDown"]),
        (CallbackKind.Message, ["OnMail", "OnPost", "OnPosted", "OnMessagePosted"]),
        (CallbackKind.Datagram, ["OnUdp", "OnPacketReceived", "OnDatagramReceived", "OnReceiveFrom"]),
        (CallbackKind.DatagramClosed, ["OnDatagramEnd", "OnDatagramError", "OnUdpClosed", "OnUdpError"]),
        (CallbackKind.ProtocolError, ["OnError", "OnFrameError", "OnFramingError"]),
        (CallbackKind.Close, ["OnDisconnect", "OnDisconnected", "OnClosing", "OnConnectionClosed"]),
    ];

    private static readonly ImmutableArray<CallbackKind> s_data = [CallbackKind.Read, CallbackKind.Frame];

    /// <summary>The callback, if a name is near one that is not declared and the signature fits it.</summary>
    public static CallbackSpec? Find(IMethodSymbol method, Handler handler)
    {
        if (Handler.SpecOf(method) is not null
            || !method.Name.StartsWith("On", StringComparison.OrdinalIgnoreCase)
            || ImplementsInterface(method))
        {
            return null;
        }

        // Where there is a framing, a word for data means a frame.
        CallbackKind data = handler.Framings().IsEmpty ? CallbackKind.Read : CallbackKind.Frame;
        IEnumerable<(CallbackSpec Spec, int Distance)> near =
            from spec in CallbackSpec.All
            where !IsDeclared(spec, handler) && Handler.Fits(method, spec)
            let distance = DistanceTo(spec, method.Name, data)
            where distance <= MaxDistance
            select (spec, distance);
        return near.OrderBy(static one => one.Distance).FirstOrDefault().Spec;
    }

    // A slip counts as it is; a synonym as much as the greatest slip.
    private static int DistanceTo(CallbackSpec spec, string name, CallbackKind data)
    {
        int distance = EditDistance.Between(name, spec.MethodName);
        bool isSynonym = (spec.Kind == data || !s_data.Contains(spec.Kind))
            && s_synonyms.Where(one => one.Kind == spec.Kind)
                .SelectMany(static one => one.Names)
                .Any(one => EditDistance.Between(name, one) <= MaxDistanceToSynonym);
        return isSynonym ? Math.Min(distance, MaxDistance) : distance;
    }

    private static bool IsDeclared(CallbackSpec spec, Handler handler) =>
        handler.Methods.Any(method => method.Name == spec.MethodName);

    private static bool ImplementsInterface(IMethodSymbol method) =>
        method.ContainingType.AllInterfaces
            .SelectMany(type => type.GetMembers(method.Name))
            .Any(member => SymbolEqualityComparer.Default.Equals(
                method.ContainingType.FindImplementationForInterfaceMember(member), method));
}
