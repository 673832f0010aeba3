using Gain.Analyzers.HotPath;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Blocking;

/// <summary>The calls of well-known libraries that wait for a server, by types of their names.</summary>
public sealed class LibraryTests
{
    [TestCase("s_context.{|GAIN2005:SaveChanges|}()")]
    [TestCase("s_context.Database.{|GAIN2005:EnsureCreated|}()")]
    [TestCase("s_context.Database.{|GAIN2005:Migrate|}()")]
    [TestCase("_ = s_context.Players.{|GAIN2005:Find|}(1)")]
    [TestCase("_ = s_players.{|GAIN2005:Find|}(1)")]
    [TestCase("s_redis.{|GAIN2005:StringGet|}(\"a\")")]
    [TestCase("s_database.{|GAIN2005:StringSet|}(\"a\", \"b\")")]
    [TestCase("StackExchange.Redis.ConnectionMultiplexer.{|GAIN2005:Connect|}(\"a\")")]
    [TestCase("_ = s_players.{|GAIN2005:ToList|}()")]
    [TestCase("_ = s_context.Players.{|GAIN2005:First|}()")]
    [TestCase("_ = s_players.{|GAIN2005:ExecuteDelete|}()")]
    [TestCase("_ = s_database.{|GAIN2002:Wait|}(s_task)")]
    [TestCase("s_multiplexer.{|GAIN2005:Close|}()")]
    [TestCase("{|GAIN2008:Save|}()")]
    [Reports("GAIN2005")]
    public Task Synchronous_call_of_a_library_is_reported(string call) => VerifyCall(call);

    [TestCase("_ = s_context.SaveChangesAsync()")]
    [TestCase("s_context.Add(1)")]
    [TestCase("_ = s_database.StringGetAsync(\"a\")")]
    [TestCase("_ = s_redis.GetDatabase()")]
    [TestCase("_ = s_players.ToListAsync()")]
    [TestCase("_ = s_players.Where(static one => one == \"a\")")]
    [TestCase("_ = s_names.ToList()")]
    [TestCase("s_batch.Execute()")]
    [Allows("GAIN2005")]
    [Allows("GAIN2007")]
    public Task What_is_asynchronous_or_in_memory_is_not(string call) => VerifyCall(call);

    // Allowed to allocate: blocking is what is asked about. The libraries are other assemblies than the
    // sample, which the analyzer would look into.
    private static Task VerifyCall(string call) =>
        RuleVerifier.VerifyAgainst<HotPathAnalyzer>(Libraries, $$"""
        #nullable disable warnings
        #pragma warning disable CS0649, CS0414, CS0169
        using Microsoft.EntityFrameworkCore;

        internal sealed class Games : Microsoft.EntityFrameworkCore.DbContext
        {
            public Microsoft.EntityFrameworkCore.DbSet<string> Players { get; set; }
        }

        [GainProtocol]
        public partial struct Handler
        {
            private static readonly Games s_context;
            private static readonly Microsoft.EntityFrameworkCore.DbSet<string> s_players;
            private static readonly StackExchange.Redis.IDatabase s_redis;
            private static readonly StackExchange.Redis.IDatabase s_database;
            private static readonly List<string> s_names = [];
            private static readonly Task<int> s_task = Task.FromResult(1);
            private static readonly StackExchange.Redis.IBatch s_batch;
            private static readonly StackExchange.Redis.ConnectionMultiplexer s_multiplexer;

            [AllowAllocation("Only blocking is of interest here.")]
            private readonly void OnAccept(Connection connection)
            {
                {{call}};
            }

            private static void Save() => s_context.SaveChanges();
        }
        """);

    private const string Libraries = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading.Tasks;

        namespace Microsoft.EntityFrameworkCore
        {
            public class DbContext
            {
                public Infrastructure.DatabaseFacade Database => new();
                public int SaveChanges() => 0;
                public Task<int> SaveChangesAsync() => Task.FromResult(0);
                public void Add(object one) { }
            }

            public abstract class DbSet<T> : IQueryable<T>
            {
                public Type ElementType => typeof(T);
                public System.Linq.Expressions.Expression Expression => null!;
                public IQueryProvider Provider => null!;
                public IEnumerator<T> GetEnumerator() => null!;
                System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => null!;
                public T Find(params object[] keys) => default!;
                public ValueTask<T> FindAsync(params object[] keys) => default;
            }

            public static class EntityFrameworkQueryableExtensions
            {
                public static Task<List<T>> ToListAsync<T>(this IQueryable<T> source) => null!;
                public static Task<T> FirstAsync<T>(this IQueryable<T> source) => null!;
                public static int ExecuteDelete<T>(this IQueryable<T> source) => 0;
                public static Task<int> ExecuteDeleteAsync<T>(this IQueryable<T> source) => null!;
            }

            public static class RelationalDatabaseFacadeExtensions
            {
                public static void Migrate(this Infrastructure.DatabaseFacade database) { }
                public static Task MigrateAsync(this Infrastructure.DatabaseFacade database) => null!;
            }
        }

        namespace Microsoft.EntityFrameworkCore.Infrastructure
        {
            public class DatabaseFacade
            {
                public bool EnsureCreated() => true;
                public Task<bool> EnsureCreatedAsync() => Task.FromResult(true);
            }
        }

        namespace StackExchange.Redis
        {
            public interface IRedisAsync
            {
                T Wait<T>(Task<T> task);
            }

            public interface IBatch : IDatabaseAsync
            {
                void Execute();
            }

            public interface IDatabaseAsync : IRedisAsync
            {
                Task<string> ExecuteAsync(string command);
                Task<string> StringGetAsync(string key);
                Task<bool> StringSetAsync(string key, string value);
            }

            public interface IDatabase : IDatabaseAsync
            {
                string StringGet(string key);
                bool StringSet(string key, string value);
                IDatabase GetDatabase();
            }

            public sealed class ConnectionMultiplexer : IDisposable, IAsyncDisposable
            {
                public void Close(bool allowCommandsToComplete = true) { }
                public Task CloseAsync(bool allowCommandsToComplete = true) => Task.CompletedTask;
                public void Dispose() { }
                public ValueTask DisposeAsync() => default;
                public static IDatabase Connect(string address) => null!;
                public static Task<IDatabase> ConnectAsync(string address) => null!;
            }
        }
        """;
}
