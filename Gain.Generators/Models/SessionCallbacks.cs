using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Gain.Generators.Models;

/// <summary>What a protocol with <c>OnSession</c> has of the other callbacks.</summary>
internal static class SessionCallbacks
{
    /// <summary>Those whose work the session does, by what it awaits or by returning.</summary>
    public static readonly ImmutableArray<CallbackKind> Replaced =
    [
        CallbackKind.Read,
        CallbackKind.Frame,
        CallbackKind.Drained,
        CallbackKind.ReadClosed,
        CallbackKind.Timer,
        CallbackKind.Stopping,
    ];

    /// <summary>Replaces them by calls of the session's runtime, and adds where it begins and ends.</summary>
    /// <param name="found">The callbacks of the user's.</param>
    /// <param name="isFramed">Whether there is a framing.</param>
    /// <param name="message">The type of the messages that it awaits, as source text; null for none.</param>
    public static IEnumerable<CallbackModel> Complete(
        IEnumerable<CallbackModel> found, bool isFramed, string? message)
    {
        CallbackModel[] kept =
        [
            .. found.Where(callback => !Replaced.Contains(callback.Kind)
                && (message is null || callback.Kind != CallbackKind.Message)),
        ];
        return kept
            .Concat(message is null ? [] : [OfMessage(message)])
            .Concat(AddedKinds(isFramed)
                .Where(kind => kept.All(callback => callback.Kind != kind))
                .Select(Of))
            .OrderBy(static callback => callback.Kind);
    }

    private static IEnumerable<CallbackKind> AddedKinds(bool isFramed) =>
    [
        CallbackKind.Accept,
        CallbackKind.Connect,
        isFramed ? CallbackKind.Frame : CallbackKind.Read,
        CallbackKind.Drained,
        CallbackKind.ReadClosed,
        CallbackKind.Timer,
        CallbackKind.Close,
    ];

    private static CallbackModel Of(CallbackKind kind) => new(
        kind,
        IsStatic: true,
        ReturnsCount: kind == CallbackKind.Read,
        new EquatableArray<ArgumentModel>(ArgumentsOf(kind)))
    {
        IsOfSession = true,
    };

    private static CallbackModel OfMessage(string type) => Of(CallbackKind.Message) with
    {
        Arguments = new EquatableArray<ArgumentModel>(CallbackSpec.Of(CallbackKind.Message).Parameters
            .Select(parameter => new ArgumentModel(
                parameter.Name,
                IsIn: parameter.IsMessage,
                MessageType: parameter.IsMessage ? type : null))),
    };

    private static IEnumerable<ArgumentModel> ArgumentsOf(CallbackKind kind) =>
        CallbackSpec.Of(kind).Parameters
            .Where(static parameter => parameter.Type != "global::Gain.CloseReason")
            .Select(static parameter => new ArgumentModel(parameter.Name, IsIn: false));
}
