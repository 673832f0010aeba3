using Gain.Analyzers.HotPath;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Blocking;

/// <summary>
/// What waits without an asynchronous form of its own, by what it is given, or only in one of its forms.
/// </summary>
public sealed class BlockingFormsTests
{
    [TestCase("_ = s_bytes.{|GAIN2005:ReadInt32|}()")]
    [TestCase("s_writer.{|GAIN2005:Write|}(1)")]
    [TestCase("_ = s_reader.{|GAIN2005:EndOfStream|}")]
    [TestCase("s_memory.{|GAIN2005:CopyTo|}(s_stream)")]
    [TestCase("s_memory.{|GAIN2005:WriteTo|}(s_stream)")]
    [TestCase("_ = System.Text.Json.JsonSerializer.{|GAIN2005:Deserialize<int>|}(s_stream)")]
    [TestCase("_ = System.Security.Cryptography.SHA256.{|GAIN2005:HashData|}(s_stream)")]
    [TestCase("s_page.{|GAIN2005:Save|}(s_stream)")]
    [TestCase("s_page.{|GAIN2005:Save|}(\"a\")")]
    [TestCase("_ = s_tape.{|GAIN2005:GetNextEntry|}()")]
    [TestCase("s_datagrams.{|GAIN2005:Connect|}(\"a\", 1)")]
    [TestCase("_ = {|GAIN2005:new System.Net.Sockets.UdpClient(\"a\", 1)|}")]
    [TestCase("s_socket.{|GAIN2005:Close|}(5)")]
    [TestCase("_ = Path.{|GAIN2005:GetTempFileName|}()")]
    [TestCase("s_watcher.{|GAIN2005:EnableRaisingEvents|} = true")]
    [TestCase("_ = s_watcher.{|GAIN2005:WaitForChanged|}(WatcherChangeTypes.All)")]
    [TestCase("_ = s_drive.{|GAIN2005:AvailableFreeSpace|}")]
    [TestCase("_ = System.Net.NetworkInformation.NetworkInterface.{|GAIN2005:GetIsNetworkAvailable|}()")]
    [TestCase("_ = s_adapter.{|GAIN2005:Fill|}(s_table)")]
    [TestCase("s_table.{|GAIN2005:Load|}(s_rows)")]
    [TestCase("_ = s_rows.{|GAIN2005:NextResult|}()")]
    [TestCase("s_source.{|GAIN2005:Flush|}()")]
    [TestCase("_ = System.Diagnostics.FileVersionInfo.{|GAIN2005:GetVersionInfo|}(\"a\")")]
    [TestCase("_ = s_loader.{|GAIN2005:LoadFromAssemblyPath|}(\"/a\")")]
    [TestCase("s_answer.{|GAIN2005:Close|}([], true)")]
    [Reports("GAIN2005")]
    public Task Input_and_output_by_what_is_given_is_reported(string call) => VerifyCall(call);

    [TestCase("_ = s_query.{|GAIN2002:ToArray|}()")]
    [TestCase("s_query.{|GAIN2002:ForAll|}(static _ => { })")]
    [TestCase("foreach (int one in {|GAIN2002:s_query|}) { }")]
    [Reports("GAIN2002")]
    public Task Parallel_query_that_runs_is_reported(string call) => VerifyCall(call);

    [TestCase("_ = s_later.{|GAIN2003:ToBlockingEnumerable|}()")]
    [TestCase("s_thread.{|GAIN2003:Send|}(static _ => { }, null)")]
    [TestCase("_ = s_barrier.{|GAIN2003:AddParticipant|}()")]
    [Reports("GAIN2003")]
    public Task Waiting_for_what_others_do_is_reported(string call) => VerifyCall(call);

    [TestCase("_ = s_old.{|GAIN2004:UpgradeToWriterLock|}(1)")]
    [Reports("GAIN2004")]
    public Task Exchanging_a_lock_is_reported(string call) => VerifyCall(call);

    [TestCase("_ = GC.{|GAIN2006:GetTotalMemory|}(true)")]
    [TestCase("_ = GC.{|GAIN2006:TryStartNoGCRegion|}(1000)")]
    [Reports("GAIN2006")]
    public Task Collection_for_a_figure_is_reported(string call) => VerifyCall(call);

    [TestCase("s_memory.CopyTo(s_memory)")]
    [TestCase("s_memory.WriteTo(s_memory)")]
    [TestCase("s_page.Save(s_memory)")]
    [TestCase("_ = new BinaryReader(s_stream)")]
    [TestCase("_ = s_writer.BaseStream")]
    [TestCase("s_datagrams.Connect(s_address)")]
    [TestCase("_ = new System.Net.Sockets.UdpClient()")]
    [TestCase("s_socket.Close()")]
    [TestCase("_ = s_drive.Name")]
    [TestCase("_ = s_query.Where(static one => one == 1)")]
    [TestCase("_ = GC.GetTotalMemory(false)")]
    [TestCase("s_process.Refresh()")]
    [TestCase("s_process.EnableRaisingEvents = true")]
    [TestCase("s_answer.Close([], false)")]
    [Allows("GAIN2002")]
    [Allows("GAIN2005")]
    [Allows("GAIN2006")]
    public Task Form_that_waits_for_nothing_is_not(string call) => VerifyCall(call);

    // Allowed to allocate: blocking is what is asked about.
    private static Task VerifyCall(string call) => RuleVerifier.Verify<HotPathAnalyzer>($$"""
        #nullable disable warnings
        #pragma warning disable CS0649, CS0414, CS0169
        [GainProtocol]
        public partial struct Handler
        {
            private static readonly MemoryStream s_memory = new();
            private static readonly Stream s_stream;
            private static readonly BinaryReader s_bytes;
            private static readonly BinaryWriter s_writer;
            private static readonly StreamReader s_reader;
            private static readonly System.Xml.Linq.XDocument s_page;
            private static readonly System.Formats.Tar.TarReader s_tape;
            private static readonly System.Net.Sockets.UdpClient s_datagrams;
            private static readonly System.Net.Sockets.Socket s_socket;
            private static readonly System.Net.IPEndPoint s_address;
            private static readonly System.Net.HttpListenerResponse s_answer;
            private static readonly FileSystemWatcher s_watcher;
            private static readonly DriveInfo s_drive;
            private static readonly System.Data.Common.DbDataAdapter s_adapter;
            private static readonly System.Data.DataTable s_table;
            private static readonly System.Data.IDataReader s_rows;
            private static readonly System.Diagnostics.TraceSource s_source;
            private static readonly System.Diagnostics.Process s_process;
            private static readonly System.Runtime.Loader.AssemblyLoadContext s_loader;
            private static readonly ParallelQuery<int> s_query;
            private static readonly IAsyncEnumerable<int> s_later;
            private static readonly SynchronizationContext s_thread;
            private static readonly Barrier s_barrier;
            private static readonly ReaderWriterLock s_old;

            [AllowAllocation("Only blocking is of interest here.")]
            private readonly void OnAccept(Connection connection)
            {
                {{call}};
            }
        }
        """);
}
