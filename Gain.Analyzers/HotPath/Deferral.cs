using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Delegates that run later, on another thread or by an event.</summary>
internal static class Deferral
{
    private const string Posting = "SynchronizationContext";

    private static readonly HashSet<string> s_deferring =
    [
        "Task", "TaskFactory", "Thread", "ThreadPool", "Timer", "CancellationToken", Posting, "PeriodicTimer",
    ];

    /// <summary>Whether what gets a delegate has it run later.</summary>
    public static bool IsDeferred(IOperation creation) => TakerOf(creation) is not null;

    /// <summary>Whether what gets a delegate has it run on another thread, or may.</summary>
    public static bool GoesElsewhere(IOperation creation) =>
        TakerOf(creation) is { } taker && taker != Posting;

    // The name of the type that takes it, or of an event.
    private static string? TakerOf(IOperation creation)
    {
        IOperation? parent = creation.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            IEventAssignmentOperation { EventReference: IEventReferenceOperation { Event: var added } } =>
                added.Name,
            IEventAssignmentOperation => "",
            IArgumentOperation { Parameter.ContainingSymbol: { ContainingType: { } type } called }
                when (s_deferring.Contains(type.Name)
                    && called.Name != "Send"
                    && type.ContainingNamespace is { Name: "Threading" or "Tasks" })
                || (called.Name == "Offload" && type is { Name: "SessionContext",
                    ContainingNamespace.Name: "Gain" }) => type.Name,
            _ => null,
        };
    }
}
