using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Repository;

/// <summary>Programs tell log messages apart by their event ids.</summary>
[Parallelizable]
public class LogEventTests
{
    [Test]
    public void Log_messages_have_event_ids_of_their_own()
    {
        const BindingFlags all = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        (int Id, string Name)[] events =
        [
            .. from type in typeof(GainServer).Assembly.GetTypes()
               from method in type.GetMethods(all)
               let message = method.GetCustomAttribute<LoggerMessageAttribute>()
               where message is not null
               select (message.EventId, method.Name),
        ];
        Assert.That(events, Has.Length.GreaterThan(30));
        Assert.That(
            events
                .GroupBy(one => one.Id)
                .Where(same => same.Count() > 1)
                .Select(same => string.Join(", ", same)),
            Is.Empty);
    }
}
