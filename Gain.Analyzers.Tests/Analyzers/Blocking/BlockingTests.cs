using Gain.Analyzers.HotPath;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Blocking;

/// <summary>What stops a worker's thread is reported in callbacks, and in what they call.</summary>
public sealed class BlockingTests
{
    [TestCase("Thread.{|GAIN2001:Sleep|}(1)")]
    [TestCase("Thread.CurrentThread.{|GAIN2001:Join|}()")]
    [TestCase("Thread.{|GAIN2001:SpinWait|}(1)")]
    [Reports("GAIN2001")]
    public Task Sleeping_is_reported(string call) => VerifyCall(call);

    [TestCase("s_task.{|GAIN2002:Wait|}()")]
    [TestCase("_ = s_task.{|GAIN2002:Result|}")]
    [TestCase("s_task.GetAwaiter().{|GAIN2002:GetResult|}()")]
    [TestCase("s_task.ConfigureAwait(false).GetAwaiter().{|GAIN2002:GetResult|}()")]
    [TestCase("_ = s_valueTask.{|GAIN2002:Result|}")]
    [TestCase("if (!s_task.IsCompletedSuccessfully) { _ = s_task.{|GAIN2002:Result|}; }")]
    [TestCase("if (s_task.IsCompleted || s_number == 1) { _ = s_task.{|GAIN2002:Result|}; }")]
    [TestCase("if (s_task.IsCompleted) { _ = s_valueTask.{|GAIN2002:Result|}; }")]
    [TestCase("_ = s_task.IsCompleted ? 0 : s_task.{|GAIN2002:Result|}")]
    [TestCase("s_valueTask.GetAwaiter().{|GAIN2002:GetResult|}()")]
    [TestCase("Task.{|GAIN2002:WaitAll|}(s_tasks)")]
    [Reports("GAIN2002")]
    public Task Waiting_for_a_task_is_reported(string call) => VerifyCall(call);

    [TestCase("s_event.{|GAIN2003:WaitOne|}()")]
    [TestCase("s_slim.{|GAIN2003:Wait|}()")]
    [TestCase("s_semaphore.{|GAIN2003:Wait|}()")]
    [TestCase("s_count.{|GAIN2003:Wait|}()")]
    [TestCase("s_barrier.{|GAIN2003:SignalAndWait|}()")]
    [TestCase("Monitor.{|GAIN2003:Wait|}(s_gate)")]
    [TestCase("s_semaphore.{|GAIN2003:Wait|}(1)")]
    [TestCase("s_work.{|GAIN2003:TryTake|}(out _, 1)")]
    [TestCase("foreach (int one in s_work.{|GAIN2003:GetConsumingEnumerable|}()) { }")]
    [Reports("GAIN2003")]
    public Task Waiting_for_another_thread_is_reported(string call) => VerifyCall(call);

    [TestCase("{|GAIN2004:lock|} (s_gate) { }")]
    [TestCase("{|GAIN2004:lock|} (s_lock) { }")]
    [TestCase("Monitor.{|GAIN2004:Enter|}(s_gate)")]
    [TestCase("s_lock.{|GAIN2004:Enter|}()")]
    [TestCase("s_readers.{|GAIN2004:EnterReadLock|}()")]
    [TestCase("Monitor.{|GAIN2004:TryEnter|}(s_gate, 1)")]
    [Reports("GAIN2004")]
    public Task Taking_a_lock_is_reported(string call) => VerifyCall(call);

    [TestCase("Console.{|GAIN2005:WriteLine|}()")]
    [TestCase("File.{|GAIN2005:Delete|}(\"a\")")]
    [TestCase("Directory.{|GAIN2005:Delete|}(\"a\")")]
    [TestCase("System.Net.Dns.{|GAIN2005:GetHostName|}()")]
    [TestCase("s_process.{|GAIN2005:WaitForExit|}()")]
    [TestCase("s_command.{|GAIN2005:ExecuteNonQuery|}()")]
    [TestCase("s_socket.{|GAIN2005:Connect|}(\"a\", 1)")]
    [TestCase("s_socket.{|GAIN2005:Disconnect|}(true)")]
    [TestCase("_ = s_file.{|GAIN2005:Exists|}")]
    [TestCase("_ = s_file.{|GAIN2005:LastWriteTime|}")]
    [TestCase("_ = s_process.{|GAIN2005:HasExited|}")]
    [TestCase("_ = Path.{|GAIN2005:Exists|}(\"a\")")]
    [TestCase("s_connection.{|GAIN2005:Open|}()")]
    [TestCase("s_connection.{|GAIN2005:Close|}()")]
    [TestCase("s_rows.{|GAIN2005:Close|}()")]
    [TestCase("s_pipe.{|GAIN2005:Connect|}()")]
    [TestCase("_ = {|GAIN2005:new System.Net.Sockets.TcpClient(\"a\", 1)|}")]
    [TestCase("_ = System.Xml.Linq.XDocument.{|GAIN2005:Load|}(\"a\")")]
    [TestCase("_ = s_stream.{|GAIN2005:Read|}(new byte[1])")]
    [TestCase("s_stream.{|GAIN2005:ReadExactly|}(new byte[1])")]
    [TestCase("_ = s_stream.{|GAIN2005:ReadByte|}()")]
    [TestCase("s_stream.{|GAIN2005:WriteByte|}(1)")]
    [TestCase("s_stream.{|GAIN2005:Flush|}()")]
    [TestCase("s_stream.{|GAIN2005:CopyTo|}(s_memory)")]
    [TestCase("s_text.{|GAIN2005:WriteLine|}('a')")]
    [TestCase("s_text.{|GAIN2005:Flush|}()")]
    [TestCase("_ = s_reader.{|GAIN2005:ReadLine|}()")]
    [TestCase("s_transaction.{|GAIN2005:Commit|}()")]
    [TestCase("s_transaction.{|GAIN2005:Save|}(\"a\")")]
    [TestCase("_ = s_rows.{|GAIN2005:NextResult|}()")]
    [TestCase("_ = s_content.{|GAIN2005:ReadAsStream|}()")]
    [TestCase("s_secure.{|GAIN2005:Flush|}()")]
    [TestCase("_ = {|GAIN2005:new StreamReader(\"a\")|}")]
    [TestCase("_ = new System.Net.NetworkInformation.Ping().{|GAIN2005:Send|}(\"a\")")]
    [TestCase("_ = System.Runtime.InteropServices.NativeLibrary.{|GAIN2005:Load|}(\"a\")")]
    [TestCase("new System.Security.Cryptography.X509Certificates.X509Chain().{|GAIN2005:Build|}(null)")]
    [Reports("GAIN2005")]
    public Task Synchronous_input_and_output_is_reported(string call) => VerifyCall(call);

    [TestCase("_ = Monitor.TryEnter(s_gate)")]
    [TestCase("_ = s_lock.TryEnter()")]
    [TestCase("_ = s_semaphore.Wait(0)")]
    [TestCase("_ = s_work.TryTake(out _)")]
    [TestCase("_ = new FileInfo(\"a\").Name")]
    [TestCase("_ = new System.Net.Sockets.TcpClient()")]
    [TestCase("_ = s_slim.Wait(TimeSpan.Zero)")]
    [TestCase("_ = s_event.WaitOne(TimeSpan.Zero)")]
    [TestCase("_ = s_event.WaitOne(default(TimeSpan))")]
    [TestCase("_ = s_process.WaitForExit(0)")]
    [TestCase("_ = s_socket.Poll(0, System.Net.Sockets.SelectMode.SelectRead)")]
    [TestCase("_ = new System.Diagnostics.Process()")]
    [TestCase("s_process.BeginOutputReadLine()")]
    [TestCase("_ = new FileInfo(\"a\")")]
    [TestCase("_ = new StreamReader(s_memory)")]
    [TestCase("s_memory.WriteByte(1)")]
    [TestCase("s_memory.Write([1])")]
    [TestCase("s_memory.Flush()")]
    [TestCase("s_writer.Write('a')")]
    [TestCase("s_lazy = s_work.GetConsumingEnumerable()")]
    [TestCase("s_lazy = Lazily()")]
    [TestCase("_ = Lazily()")]
    [TestCase("if (s_task.IsCompletedSuccessfully) { _ = s_task.Result; }")]
    [TestCase("_ = s_task.IsCompletedSuccessfully ? s_task.Result : 0")]
    [TestCase("_ = !s_task.IsCompleted ? 0 : s_task.GetAwaiter().GetResult()")]
    [TestCase("_ = s_task.IsCompletedSuccessfully && s_task.Result == 1")]
    [TestCase("_ = !s_task.IsCompleted || s_task.Result == 1")]
    [TestCase("if (!s_valueTask.IsCompletedSuccessfully) { return; } _ = s_valueTask.Result")]
    [Allows("GAIN2003")]
    [Allows("GAIN2004")]
    [Allows("GAIN2005")]
    [Allows("GAIN2007")]
    public Task What_returns_at_once_is_not(string call) => VerifyCall(call);

    [TestCase("{|GAIN2008:Synchronized|}()")]
    [TestCase("foreach ((int a, int b) in {|GAIN2008:s_pairs|}) { }")]
    [TestCase("foreach (int one in {|GAIN2008:s_slow|}) { }")]
    [TestCase("_ = s_seen.{|GAIN2008:ContainsKey|}(s_key)")]
    [TestCase("_ = {|GAIN2008:new Derived()|}")]
    [TestCase("{|GAIN2008:Write|}(s_stream)")]
    [TestCase("foreach (int one in {|GAIN2008:Lazily|}()) { }")]
    [TestCase("{|GAIN2008:s_held|}()")]
    [TestCase("s_held?.{|GAIN2008:Invoke|}()")]
    [Reports("GAIN2008")]
    public Task What_the_language_and_the_framework_call_is_followed(string call) => VerifyCall(call);

    [TestCase("GC.{|GAIN2006:Collect|}()")]
    [TestCase("GC.{|GAIN2006:WaitForPendingFinalizers|}()")]
    [Reports("GAIN2006")]
    public Task Running_the_garbage_collector_is_reported(string call) => VerifyCall(call);

    [Test]
    [Reports("GAIN2007")]
    public Task Asynchronous_form_is_named() => VerifyCall("s_stop.{|GAIN2007:Cancel|}()");

    [TestCase("{|GAIN2008:Pause|}()")]
    [TestCase("{|GAIN2008:Outer|}()")]
    [TestCase("s_base.{|GAIN2008:Run|}()")]
    [Reports("GAIN2008")]
    public Task Blocking_further_down_is_reported_at_the_call(string call) => VerifyCall(call);

    [TestCase("s_event.Set()")]
    [TestCase("s_semaphore.Release()")]
    [TestCase("_ = s_task.IsCompleted")]
    [TestCase("_ = Console.Title.Length == 1")]
    [TestCase("Volatile.Write(ref s_number, 1)")]
    [TestCase("Interlocked.Increment(ref s_number)")]
    [TestCase("Free()")]
    [TestCase("ThreadPool.UnsafeQueueUserWorkItem(static _ => Thread.Sleep(1), null)")]
    [Allows("GAIN2001")]
    [Allows("GAIN2002")]
    [Allows("GAIN2003")]
    [Allows("GAIN2004")]
    [Allows("GAIN2005")]
    [Allows("GAIN2006")]
    [Allows("GAIN2007")]
    [Allows("GAIN2008")]
    public Task What_does_not_wait_is_not_reported(string call) => VerifyCall(call);

    // Allowed to allocate: blocking is what is asked about.
    private static Task VerifyCall(string call) => RuleVerifier.Verify<HotPathAnalyzer>($$"""
        #nullable disable warnings
        #pragma warning disable CS0649, CS0414, CS0169
        internal abstract class Base
        {
            public abstract void Run();
        }

        internal sealed class Blocking : Base
        {
            public override void Run() => Thread.Sleep(1);
        }

        internal struct Pair
        {
            public void Deconstruct(out int a, out int b)
            {
                Thread.Sleep(1);
                a = b = 0;
            }
        }

        internal sealed class Slow
        {
            public int Current => 1;

            public Slow GetEnumerator() => this;

            public bool MoveNext()
            {
                Thread.Sleep(1);
                return false;
            }
        }

        internal sealed class Key
        {
            public override int GetHashCode()
            {
                Thread.Sleep(1);
                return 1;
            }

            public override bool Equals(object obj) => obj == this;
        }

        internal class Slowly
        {
            public Slowly() => Thread.Sleep(1);
        }

        internal sealed class Derived : Slowly
        {
        }

        [GainProtocol]
        public partial struct Handler
        {
            private static readonly object s_gate = new();
            private static readonly Lock s_lock = new();
            private static readonly Task<int> s_task = Task.FromResult(1);
            private static readonly ValueTask<int> s_valueTask;
            private static readonly Task[] s_tasks = [s_task];
            private static readonly ManualResetEvent s_event = new(false);
            private static readonly ManualResetEventSlim s_slim = new();
            private static readonly SemaphoreSlim s_semaphore = new(1);
            private static readonly CountdownEvent s_count = new(1);
            private static readonly Barrier s_barrier = new(1);
            private static readonly ReaderWriterLockSlim s_readers = new();
            private static readonly StringWriter s_writer = new();
            private static readonly MemoryStream s_memory = new();
            private static readonly Stream s_stream;
            private static readonly TextWriter s_text;
            private static readonly TextReader s_reader;
            private static readonly System.Data.Common.DbTransaction s_transaction;
            private static readonly System.Data.Common.DbDataReader s_rows;
            private static readonly System.Net.Http.HttpContent s_content;
            private static readonly System.Net.Security.SslStream s_secure;
            private static readonly CancellationTokenSource s_stop = new();
            private static IEnumerable<int> s_lazy;
            private static readonly System.Diagnostics.Process s_process = new();
            private static readonly System.Data.Common.DbCommand s_command;
            private static readonly System.Net.Sockets.Socket s_socket;
            private static readonly System.Data.IDbConnection s_connection;
            private static readonly System.IO.Pipes.NamedPipeClientStream s_pipe;
            private static readonly System.Collections.Concurrent.BlockingCollection<int> s_work = [];
            private static readonly FileInfo s_file = new("a");
            private static readonly Pair[] s_pairs = [];
            private static readonly Slow s_slow = new();
            private static readonly Key s_key = new();
            private static readonly Dictionary<Key, int> s_seen = [];
            private static readonly Action s_held = static () => Thread.Sleep(1);
            private static readonly Base s_base = new Blocking();
            private static int s_number;

            [AllowAllocation("Only blocking is of interest here.")]
            private readonly void OnAccept(Connection connection)
            {
                {{call}};
            }

            [System.Runtime.CompilerServices.MethodImpl(
                System.Runtime.CompilerServices.MethodImplOptions.Synchronized)]
            private static void Synchronized() => s_number++;

            private static void Pause() => Thread.Sleep(1);

            private static void Outer() => Inner(() => { Pause(); });

            private static void Inner(Action action) => action();

            private static void Write(Stream stream) => WriteAll(stream);

            private static void WriteAll(Stream stream) => stream.Write([1]);

            private static IEnumerable<int> Lazily()
            {
                Thread.Sleep(1);
                yield return 1;
            }

            private static void Free() => s_number++;
        }
        """);
}
