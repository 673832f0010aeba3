using System;
using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Blocking;

/// <summary>Members among those that block which wait for nothing.</summary>
internal static class HarmlessMembers
{
    /// <summary>Whether a form of a blocking member has nothing to wait for: no time, no name, no
    /// stream.</summary>
    public static bool IsAtOnce(Call call, IMethodSymbol method)
    {
        string type = method.ContainingType.Name;
        return method.Name switch
        {
            "TryEnter" or "TryTake" or "TryAdd" or "TryTakeFromAny" or "TryAddToAny" =>
                !method.Parameters.Any(IsTimeout),

            // The one without a host connects to none; that of an address asks nobody for it.
            ".ctor" => type is "TcpClient" or "UdpClient" or "StreamReader" or "StreamWriter"
                or "FileSystemWatcher" && !TakesText(method),
            "Connect" => type == "UdpClient" && !TakesText(method),
            "Create" => type is "XmlReader" or "XmlWriter" && !TakesText(method),
            "Load" or "Save" => type is "XmlDocument" or "XDocument" or "XElement"
                && !TakesText(method) && !call.TakesIo,
            "Close" => type is "Socket" or "HttpListenerResponse" && method.Parameters.IsEmpty,
            _ => false,
        };
    }

    /// <summary>Whether a member of a class of blocking ones only tells what is known already.</summary>
    public static bool IsOne(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.EventAdd or MethodKind.EventRemove => true,
        MethodKind.PropertyGet => !IsAsked(method),

        // A name of a file, or what will be started; that of a stream opens it.
        MethodKind.Constructor => method.ContainingType.Name is "FileInfo" or "DirectoryInfo" or "Process"
            or "BinaryReader" or "BinaryWriter" or "TraceSource" or "DriveInfo",
        MethodKind.PropertySet => method.ContainingType.Name == "Process"
            && method.Name is "set_EnableRaisingEvents" or "set_StartInfo" or "set_SynchronizingObject",
        _ => method.Name is "GetHashCode" or "Equals" or "ToString" or "CancelIo" or "GetCurrentProcess"
            or "CancelOutputRead" or "CancelErrorRead" or "GetIPGlobalProperties"
            || method.Name.StartsWith("Begin", StringComparison.Ordinal)
            || IsHarmlessOf(method),
    };

    private static bool IsHarmlessOf(IMethodSymbol method) => method.ContainingType.Name switch
    {
        "Process" => method.Name == "Refresh",
        "BinaryReader" or "BinaryWriter" => method.Name is "Dispose" or "Close",

        // What is asked runs when the query is enumerated.
        "ParallelEnumerable" => method.ReturnType.Name is "ParallelQuery" or "OrderedParallelQuery"
            or "IEnumerable",
        _ => false,
    };

    // What the system is asked for.
    private static bool IsAsked(IMethodSymbol getter) => getter.ContainingType.Name switch
    {
        "FileInfo" or "DirectoryInfo" or "FileSystemInfo" => getter.Name is "get_Exists" or "get_Length"
            or "get_Attributes" or "get_LinkTarget" or "get_UnixFileMode" or "get_IsReadOnly"
            || getter.Name.Contains("Time"),
        "DriveInfo" => getter.Name is not ("get_Name" or "get_RootDirectory"),
        "Process" => getter.Name is "get_HasExited" or "get_ExitCode" or "get_ProcessName" or "get_Threads"
            or "get_Modules" or "get_MainModule" or "get_Responding" or "get_StartTime"
            || getter.Name.Contains("Memory") || getter.Name.Contains("Time"),
        _ => false,
    };

    private static bool IsTimeout(IParameterSymbol parameter) =>
        parameter.Type.Name is "TimeSpan" or "CancellationToken"
        || parameter.Name.IndexOf("timeout", StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool TakesText(IMethodSymbol method) =>
        method.Parameters.Any(static one => one.Type.SpecialType == SpecialType.System_String);
}
