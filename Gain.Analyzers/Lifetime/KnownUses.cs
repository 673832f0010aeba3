using System;
using System.Collections.Generic;
using System.Linq;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Members of other assemblies that use an address while they are called, and not afterwards.
/// </summary>
internal static class KnownUses
{
    // All that a namespace has, with the namespaces in it.
    private static readonly string[] s_spaces =
    [
        "System.Text", "System.Numerics", "System.Runtime.Intrinsics", "System.Buffers.Text",
        "System.Buffers.Binary", "System.IO.Hashing", "Microsoft.Extensions.Logging",
    ];

    private static readonly HashSet<string> s_types =
    [
        "System.ArgumentException", "System.ArgumentNullException", "System.ArgumentOutOfRangeException",
        "System.Array", "System.BitConverter", "System.Buffer", "System.Console", "System.Convert",
        "System.Enum", "System.GC", "System.HashCode", "System.IntPtr", "System.Int64", "System.Math",
        "System.MemoryExtensions", "System.Nullable", "System.Object", "System.ReadOnlySpan", "System.Span",
        "System.String", "System.UInt64", "System.UIntPtr", "System.ValueTuple", "System.ValueType",
        "System.Collections.Generic.Comparer", "System.Collections.Generic.EqualityComparer",
        "System.Diagnostics.Debug", "System.Diagnostics.Trace",
        "System.Runtime.CompilerServices.DefaultInterpolatedStringHandler",
        "System.Runtime.CompilerServices.RuntimeHelpers", "System.Runtime.CompilerServices.Unsafe",
        "System.Runtime.InteropServices.Marshal", "System.Runtime.InteropServices.MemoryMarshal",
        "System.Runtime.InteropServices.NativeMemory", "System.Threading.Interlocked",
        "System.Threading.Volatile",
    ];

    // What takes a delegate, or a state, to have it run later or on another thread.
    private static readonly HashSet<string> s_deferring =
    [
        "Task", "TaskFactory", "TaskScheduler", "Thread", "ThreadPool", "Timer", "CancellationToken",
        "CancellationTokenSource", "SynchronizationContext", "PeriodicTimer", "ChannelWriter",
        "ExecutionContext",
    ];

    // Questions to a collection, whose answer does not depend on the collection keeping the argument.
    private static readonly string[] s_questions =
        ["Contains", "IndexOf", "LastIndexOf", "Find", "BinarySearch", "Remove", "TryGet", "get_", "Equals"];

    /// <summary>Whether a method is done with its arguments when it returns.</summary>
    public static bool IsUse(IMethodSymbol method)
    {
        if (IsNative(method) || method.ContainingType is not { } type)
        {
            return true;
        }

        string space = Namespaces.Of(type);
        return s_types.Contains($"{space}.{type.Name}")
            || s_spaces.Any(known => space == known
                || space.StartsWith(known + ".", StringComparison.Ordinal))
            || (space.StartsWith("System.Collections", StringComparison.Ordinal)
                && s_questions.Any(word => method.Name.StartsWith(word, StringComparison.Ordinal)));
    }

    /// <summary>
    /// Whether a method is native code. That is for who declares it to know: most system calls are done
    /// with a pointer when they return, and their declaration says nothing of the others.
    /// </summary>
    public static bool IsNative(IMethodSymbol method)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        return definition.IsExtern
            || definition.GetDllImportData() is not null
            || definition.GetAttributes().Any(
                static one => one.AttributeClass is { Name: "LibraryImportAttribute" });
    }

    /// <summary>Whether a method writes its last argument to where the first points.</summary>
    public static bool IsStore(IMethodSymbol method) =>
        IsFramework(method.ContainingType)
        && method is { ContainingType.Name: "Marshal" or "Unsafe" or "NativeMemory", IsStatic: true }
        && (method.Name.StartsWith("Write", StringComparison.Ordinal) || method.Name == "StructureToPtr");

    /// <summary>Whether a type of the framework runs what it is given on another thread, or later.</summary>
    public static bool IsDeferring(INamedTypeSymbol? type) =>
        type is not null && s_deferring.Contains(type.Name)
        && type.ContainingNamespace is { Name: "Threading" or "Tasks" or "Channels" };

    /// <summary>Whether a type is the framework's, which runs a delegate while it is called.</summary>
    public static bool IsFramework(INamedTypeSymbol? type)
    {
        INamespaceSymbol? space = type?.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { Name: "System" };
    }

    /// <summary>
    /// Whether a wide number that a method returns is the address that it was given, and not what lies there.
    /// </summary>
    public static bool ReturnsAddress(IMethodSymbol method) =>
        method.ContainingType is { Name: "IntPtr" or "UIntPtr" or "Math" } type && IsFramework(type)
        || (method.ContainingType is { Name: "Unsafe" } && method.Name is "BitCast" or "As" or "Add"
            or "Subtract");
}
