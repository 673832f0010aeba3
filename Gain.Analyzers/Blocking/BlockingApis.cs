using System.Collections.Generic;
using System.Linq;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Blocking;

/// <summary>The members of the framework that stop a thread.</summary>
internal static class BlockingApis
{
    private const string Any = "*";

    private static readonly Dictionary<string, DiagnosticDescriptor> s_members = new()
    {
        ["System.Threading.Thread.Sleep"] = BlockingRules.Sleep,
        ["System.Threading.Thread.Join"] = BlockingRules.Sleep,
        ["System.Threading.Thread.SpinWait"] = BlockingRules.Sleep,
        ["System.Threading.Thread.Yield"] = BlockingRules.Sleep,
        ["System.Threading.SpinWait.SpinOnce"] = BlockingRules.Sleep,
        ["System.Threading.SpinWait.SpinUntil"] = BlockingRules.Sleep,
        ["System.Threading.Tasks.Task.Wait"] = BlockingRules.TaskWait,
        ["System.Threading.Tasks.Task.WaitAll"] = BlockingRules.TaskWait,
        ["System.Threading.Tasks.Task.WaitAny"] = BlockingRules.TaskWait,
        ["System.Threading.Tasks.Task.RunSynchronously"] = BlockingRules.TaskWait,
        ["System.Threading.Tasks.Task.get_Result"] = BlockingRules.TaskWait,
        ["System.Threading.Tasks.ValueTask.get_Result"] = BlockingRules.TaskWait,
        ["System.Runtime.CompilerServices.TaskAwaiter.GetResult"] = BlockingRules.TaskWait,
        ["System.Runtime.CompilerServices.ValueTaskAwaiter.GetResult"] = BlockingRules.TaskWait,
        ["System.Runtime.CompilerServices.ConfiguredTaskAwaiter.GetResult"] = BlockingRules.TaskWait,
        ["System.Runtime.CompilerServices.ConfiguredValueTaskAwaiter.GetResult"] = BlockingRules.TaskWait,
        ["System.Threading.Tasks.Parallel." + Any] = BlockingRules.TaskWait,
        ["System.Threading.WaitHandle.WaitOne"] = BlockingRules.Synchronization,
        ["System.Threading.WaitHandle.WaitAll"] = BlockingRules.Synchronization,
        ["System.Threading.WaitHandle.WaitAny"] = BlockingRules.Synchronization,
        ["System.Threading.WaitHandle.SignalAndWait"] = BlockingRules.Synchronization,
        ["System.Threading.ManualResetEventSlim.Wait"] = BlockingRules.Synchronization,
        ["System.Threading.SemaphoreSlim.Wait"] = BlockingRules.Synchronization,
        ["System.Threading.CountdownEvent.Wait"] = BlockingRules.Synchronization,
        ["System.Threading.Barrier.SignalAndWait"] = BlockingRules.Synchronization,
        ["System.Threading.ReaderWriterLockSlim.EnterReadLock"] = BlockingRules.Lock,
        ["System.Threading.ReaderWriterLockSlim.EnterWriteLock"] = BlockingRules.Lock,
        ["System.Threading.ReaderWriterLockSlim.EnterUpgradeableReadLock"] = BlockingRules.Lock,
        ["System.Threading.ReaderWriterLockSlim.TryEnterReadLock"] = BlockingRules.Lock,
        ["System.Threading.ReaderWriterLockSlim.TryEnterWriteLock"] = BlockingRules.Lock,
        ["System.Threading.ReaderWriterLockSlim.TryEnterUpgradeableReadLock"] = BlockingRules.Lock,
        ["System.Threading.ReaderWriterLock.AcquireReaderLock"] = BlockingRules.Lock,
        ["System.Threading.ReaderWriterLock.AcquireWriterLock"] = BlockingRules.Lock,
        ["System.Threading.Monitor.Enter"] = BlockingRules.Lock,
        ["System.Threading.Monitor.TryEnter"] = BlockingRules.Lock,
        ["System.Threading.Monitor.Wait"] = BlockingRules.Synchronization,
        ["System.Threading.Lock.Enter"] = BlockingRules.Lock,
        ["System.Threading.Lock.TryEnter"] = BlockingRules.Lock,
        ["System.Threading.Lock.EnterScope"] = BlockingRules.Lock,
        ["System.Threading.SpinLock.Enter"] = BlockingRules.Lock,
        ["System.Threading.SpinLock.TryEnter"] = BlockingRules.Lock,
        ["System.Collections.Concurrent.BlockingCollection.Take"] = BlockingRules.Synchronization,
        ["System.Collections.Concurrent.BlockingCollection.Add"] = BlockingRules.Synchronization,
        ["System.Collections.Concurrent.BlockingCollection.TakeFromAny"] = BlockingRules.Synchronization,
        ["System.Collections.Concurrent.BlockingCollection.AddToAny"] = BlockingRules.Synchronization,
        ["System.Collections.Concurrent.BlockingCollection.GetConsumingEnumerable"] =
            BlockingRules.Synchronization,
        ["System.Collections.Concurrent.BlockingCollection.TryTake"] = BlockingRules.Synchronization,
        ["System.Collections.Concurrent.BlockingCollection.TryAdd"] = BlockingRules.Synchronization,
        ["System.Collections.Concurrent.BlockingCollection.TryTakeFromAny"] = BlockingRules.Synchronization,
        ["System.Collections.Concurrent.BlockingCollection.TryAddToAny"] = BlockingRules.Synchronization,
        ["System.IO.File." + Any] = BlockingRules.Io,
        ["System.IO.Directory." + Any] = BlockingRules.Io,
        ["System.IO.RandomAccess." + Any] = BlockingRules.Io,
        ["System.IO.FileStream." + Any] = BlockingRules.Io,
        ["System.IO.FileInfo." + Any] = BlockingRules.Io,
        ["System.IO.DirectoryInfo." + Any] = BlockingRules.Io,
        ["System.IO.FileSystemInfo." + Any] = BlockingRules.Io,
        ["System.IO.Path.Exists"] = BlockingRules.Io,
        ["System.IO.Pipes.NamedPipeClientStream.Connect"] = BlockingRules.Io,
        ["System.IO.Pipes.NamedPipeServerStream.WaitForConnection"] = BlockingRules.Io,
        ["System.IO.Pipes.PipeStream.Read"] = BlockingRules.Io,
        ["System.IO.Pipes.PipeStream.Write"] = BlockingRules.Io,
        ["System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile"] = BlockingRules.Io,
        ["System.Xml.Linq.XDocument.Load"] = BlockingRules.Io,
        ["System.Xml.Linq.XElement.Load"] = BlockingRules.Io,
        ["System.Diagnostics.Trace." + Any] = BlockingRules.Io,
        ["System.Net.NetworkInformation.Ping.Send"] = BlockingRules.Io,
        ["System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces"] = BlockingRules.Io,
        ["System.Security.Cryptography.X509Certificates.X509Chain.Build"] = BlockingRules.Io,
        ["System.Security.Cryptography.X509Certificates.X509Certificate2.Verify"] = BlockingRules.Io,
        ["System.Runtime.InteropServices.NativeLibrary.Load"] = BlockingRules.Io,
        ["System.Runtime.InteropServices.NativeLibrary.TryLoad"] = BlockingRules.Io,
        ["System.Reflection.Assembly.Load"] = BlockingRules.Io,
        ["System.Reflection.Assembly.LoadFrom"] = BlockingRules.Io,
        ["System.Reflection.Assembly.LoadFile"] = BlockingRules.Io,
        ["System.IO.StreamReader..ctor"] = BlockingRules.Io,
        ["System.IO.StreamWriter..ctor"] = BlockingRules.Io,
        ["System.IO.Stream.ReadByte"] = BlockingRules.Io,
        ["System.IO.Stream.WriteByte"] = BlockingRules.Io,
        ["System.IO.TextReader.Peek"] = BlockingRules.Io,
        ["System.IO.DriveInfo." + Any] = BlockingRules.Io,
        ["System.IO.Compression.ZipFile." + Any] = BlockingRules.Io,
        ["System.IO.Pipes.PipeStream.WaitForPipeDrain"] = BlockingRules.Io,
        ["System.Xml.XmlReader.Create"] = BlockingRules.Io,
        ["System.Xml.XmlWriter.Create"] = BlockingRules.Io,
        ["System.Xml.XmlDocument.Load"] = BlockingRules.Io,
        ["System.Threading.CancellationTokenRegistration.Dispose"] = BlockingRules.Synchronization,
        ["System.Net.Mail.SmtpClient.Send"] = BlockingRules.Io,
        ["System.Net.WebRequest.GetResponse"] = BlockingRules.Io,
        ["System.Net.WebRequest.GetRequestStream"] = BlockingRules.Io,
        ["System.Net.Security.SslStream.Read"] = BlockingRules.Io,
        ["System.Net.Security.SslStream.Write"] = BlockingRules.Io,
        ["System.Net.Security.SslStream.AuthenticateAsClient"] = BlockingRules.Io,
        ["System.Net.Security.SslStream.AuthenticateAsServer"] = BlockingRules.Io,
        ["System.Net.Sockets.TcpClient..ctor"] = BlockingRules.Io,
        ["System.Net.Sockets.TcpClient.Connect"] = BlockingRules.Io,
        ["System.Net.Sockets.TcpListener.AcceptSocket"] = BlockingRules.Io,
        ["System.Net.Sockets.TcpListener.AcceptTcpClient"] = BlockingRules.Io,
        ["System.Net.Sockets.UdpClient.Receive"] = BlockingRules.Io,
        ["System.Net.Sockets.UdpClient.Send"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.Disconnect"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.SendFile"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.ReceiveMessageFrom"] = BlockingRules.Io,
        ["System.Data.IDbConnection.Open"] = BlockingRules.Io,
        ["System.Data.IDbCommand.ExecuteReader"] = BlockingRules.Io,
        ["System.Data.IDbCommand.ExecuteNonQuery"] = BlockingRules.Io,
        ["System.Data.IDbCommand.ExecuteScalar"] = BlockingRules.Io,
        ["System.Data.IDbTransaction.Commit"] = BlockingRules.Io,
        ["System.Data.IDbTransaction.Rollback"] = BlockingRules.Io,
        ["System.Data.IDataReader.Read"] = BlockingRules.Io,
        ["System.Data.Common.DbTransaction.Commit"] = BlockingRules.Io,
        ["System.Data.Common.DbTransaction.Rollback"] = BlockingRules.Io,
        ["System.Console." + Any] = BlockingRules.Io,
        ["System.Net.Dns." + Any] = BlockingRules.Io,
        ["System.Diagnostics.Process." + Any] = BlockingRules.Io,
        ["System.Net.Http.HttpClient.Send"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.Connect"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.Accept"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.Send"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.SendTo"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.Receive"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.ReceiveFrom"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.Poll"] = BlockingRules.Io,
        ["System.Net.Sockets.Socket.Select"] = BlockingRules.Io,
        ["System.Net.Sockets.NetworkStream.Read"] = BlockingRules.Io,
        ["System.Net.Sockets.NetworkStream.Write"] = BlockingRules.Io,
        ["System.Data.Common.DbConnection.Open"] = BlockingRules.Io,
        ["System.Data.Common.DbCommand.ExecuteReader"] = BlockingRules.Io,
        ["System.Data.Common.DbCommand.ExecuteNonQuery"] = BlockingRules.Io,
        ["System.Data.Common.DbCommand.ExecuteScalar"] = BlockingRules.Io,
        ["System.Data.Common.DbDataReader.Read"] = BlockingRules.Io,
        ["System.GC.Collect"] = BlockingRules.Collect,
        ["System.GC.WaitForPendingFinalizers"] = BlockingRules.Collect,
        ["System.GC.WaitForFullGCComplete"] = BlockingRules.Collect,
    };

    // The names of their types, without namespaces.
    private static readonly HashSet<string> s_types =
        [.. s_members.Keys.Select(static key => key.Replace("..ctor", ".ctor").Split('.')[^2])];

    /// <summary>The site that a call is, or null.</summary>
    public static Site? Judge(Call call, IMethodSymbol method)
    {
        bool isMade = call.IsOnlyMade && method.Name == "GetConsumingEnumerable";
        if (isMade || call.IsAtOnce || AsyncSiblings.IsAsynchronous(method) || IsAtOnce(method))
        {
            return null;
        }

        DiagnosticDescriptor? rule = Find(method)
            ?? (IsSynchronousIo(call, method) ? BlockingRules.Io : null);
        return rule is null
            ? null
            : new Site(
                rule,
                call.Location,
                method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
    }

    /// <summary>The asynchronous form of a method that may block, or null.</summary>
    public static IMethodSymbol? FindAsyncSibling(Call call, IMethodSymbol method) =>
        call.IsAtOnce || IoTypes.IsInMemory(call.Source) || Find(method) is not null
            ? null
            : AsyncSiblings.Of(method);

    // Of what has both forms, the synchronous one waits; of what is only noted or closed, neither does for
    // long.
    private static bool IsSynchronousIo(Call call, IMethodSymbol method) =>
        method.MethodKind is MethodKind.Ordinary or MethodKind.ReducedExtension
        && method.Name is not ("Dispose" or "Close" or "Complete" or "Add" or "AddRange"
            or "CancelPendingRead" or "CancelPendingFlush" or "CreateDbContext")
        && (call.Sibling is not null
            || ((IoTypes.IsOne(call.Source) || (call.Source is null && IoTypes.IsOne(method.ContainingType)))
                && AsyncSiblings.Of(method) is not null));

    // A derived class's override blocks as what it overrides does.
    private static DiagnosticDescriptor? Find(IMethodSymbol method)
    {
        if (IoTypes.IsInMemory(method.ContainingType))
        {
            return null;
        }

        for (IMethodSymbol? at = method; at is not null; at = at.OverriddenMethod)
        {
            for (INamedTypeSymbol? type = at.ContainingType; type is not null; type = type.BaseType)
            {
                // What a type has of System.Object blocks nobody.
                if (type.SpecialType == SpecialType.System_Object)
                {
                    break;
                }

                // Nearly all calls end here, before a name is put together.
                if (!s_types.Contains(type.Name))
                {
                    continue;
                }

                string name = $"{Namespaces.Of(type)}.{type.Name}";
                if (s_members.TryGetValue($"{name}.{at.Name}", out DiagnosticDescriptor? rule)
                    || (SymbolEqualityComparer.Default.Equals(type, at.ContainingType)
                        && s_members.TryGetValue($"{name}.{Any}", out rule)
                        && !IsHarmless(at)))
                {
                    return rule;
                }
            }
        }

        return null;
    }

    // A try without a time to wait for.
    private static bool IsAtOnce(IMethodSymbol method) => method.Name switch
    {
        "TryEnter" or "TryTake" or "TryAdd" or "TryTakeFromAny" or "TryAddToAny" =>
            !method.Parameters.Any(static one => one.Type.Name is "TimeSpan" or "CancellationToken"
                || one.Name.IndexOf("timeout", System.StringComparison.OrdinalIgnoreCase) >= 0),

        // The one without a host connects to none.
        ".ctor" => method.ContainingType.Name is "TcpClient" or "StreamReader" or "StreamWriter"
            && !method.Parameters.Any(static one => one.Type.SpecialType == SpecialType.System_String),
        "Create" or "Load" => method.ContainingType.Name is "XmlReader" or "XmlWriter" or "XmlDocument"
            && !method.Parameters.Any(static one => one.Type.SpecialType == SpecialType.System_String),
        _ => false,
    };

    // Members of a class of blocking ones that only tell what is known already.
    private static bool IsHarmless(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.EventAdd or MethodKind.EventRemove => true,
        MethodKind.PropertyGet => !IsAsked(method),

        // A name of a file, or what will be started; that of a stream opens it.
        MethodKind.Constructor => method.ContainingType.Name is "FileInfo" or "DirectoryInfo" or "Process",
        _ => method.Name is "GetHashCode" or "Equals" or "ToString" or "CancelIo" or "GetCurrentProcess"
            or "CancelOutputRead" or "CancelErrorRead"
            || method.Name.StartsWith("Begin", System.StringComparison.Ordinal),
    };

    // What the system is asked for.
    private static bool IsAsked(IMethodSymbol getter) => getter.ContainingType.Name switch
    {
        "FileInfo" or "DirectoryInfo" or "FileSystemInfo" => getter.Name is "get_Exists" or "get_Length"
            or "get_Attributes" or "get_LinkTarget" or "get_UnixFileMode" or "get_IsReadOnly"
            || getter.Name.Contains("Time"),
        "Process" => getter.Name is "get_HasExited" or "get_ExitCode" or "get_ProcessName" or "get_Threads"
            or "get_Modules" or "get_MainModule" or "get_Responding" or "get_StartTime"
            || getter.Name.Contains("Memory") || getter.Name.Contains("Time"),
        _ => false,
    };
}
