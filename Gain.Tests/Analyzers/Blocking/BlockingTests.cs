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
    [Reports("GAIN2003")]
    public Task Waiting_for_another_thread_is_reported(string call) => VerifyCall(call);

    [TestCase("{|GAIN2004:lock|} (s_gate) { }")]
    [TestCase("{|GAIN2004:lock|} (s_lock) { }")]
    [TestCase("Monitor.{|GAIN2004:Enter|}(s_gate)")]
    [TestCase("s_lock.{|GAIN2004:Enter|}()")]
    [TestCase("s_readers.{|GAIN2004:EnterReadLock|}()")]
    [Reports("GAIN2004")]
    public Task Taking_a_lock_is_reported(string call) => VerifyCall(call);

    [TestCase("Console.{|GAIN2005:WriteLine|}()")]
    [TestCase("File.{|GAIN2005:Delete|}(\"a\")")]
    [TestCase("Directory.{|GAIN2005:Delete|}(\"a\")")]
    [TestCase("System.Net.Dns.{|GAIN2005:GetHostName|}()")]
    [TestCase("s_process.{|GAIN2005:WaitForExit|}()")]
    [TestCase("s_command.{|GAIN2005:ExecuteNonQuery|}()")]
    [TestCase("s_socket.{|GAIN2005:Connect|}(\"a\", 1)")]
    [Reports("GAIN2005")]
    public Task Synchronous_input_and_output_is_reported(string call) => VerifyCall(call);

    [TestCase("GC.{|GAIN2006:Collect|}()")]
    [TestCase("GC.{|GAIN2006:WaitForPendingFinalizers|}()")]
    [Reports("GAIN2006")]
    public Task Running_the_garbage_collector_is_reported(string call) => VerifyCall(call);

    [Test]
    [Reports("GAIN2007")]
    public Task Asynchronous_form_is_named() => VerifyCall("s_writer.{|GAIN2007:Flush|}()");

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
            private static readonly System.Diagnostics.Process s_process = new();
            private static readonly System.Data.Common.DbCommand s_command;
            private static readonly System.Net.Sockets.Socket s_socket;
            private static readonly Base s_base = new Blocking();
            private static int s_number;

            [AllowAllocation("Only blocking is of interest here.")]
            private readonly void OnAccept(Connection connection)
            {
                {{call}};
            }

            private static void Pause() => Thread.Sleep(1);

            private static void Outer() => Inner(() => { Pause(); });

            private static void Inner(Action action) => action();

            private static void Free() => s_number++;
        }
        """);
}
