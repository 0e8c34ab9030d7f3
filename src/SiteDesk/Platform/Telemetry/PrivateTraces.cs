using System.Diagnostics;
using OpenTelemetry;

namespace SiteDesk.Platform.Telemetry;

/// <summary>
/// Takes out of every trace what points at a person: addresses of pages carry the tokens of tickets and files, and with them a right
/// to read. What is left is the route (<c>/t/{token}</c>), which is what a trace is searched by.
/// </summary>
internal sealed class PrivateTraces : BaseProcessor<Activity>
{
    private static readonly string[] Personal =
        ["url.path", "url.query", "url.full", "user_agent.original", "client.address", "client.port", "network.peer.address", "network.peer.port", "enduser.id"];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in Personal)
        {
            if (data.GetTagItem(tag) is not null)
                data.SetTag(tag, null);
        }
    }
}
