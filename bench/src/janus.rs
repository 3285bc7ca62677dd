//! The same load on Janus, from Debian's package: one videoroom an interview, two publishers, two subscribers, H.264 and Opus, recording on.
//!
//! Unlike ours, Janus keeps publishing and subscribing in separate connections and writes a raw dump of packets that must be
//! converted before it can be played; what it is spared for that (muxing, hashing, playlists) it is spared here too.

use std::fs;
use std::net::{IpAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mingjian_testkit::client::ClientConfig;
use mingjian_testkit::clip::Clip;
use mingjian_testkit::drive::Crowd;
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{Message, WebSocket};

use crate::Failure;
use crate::load::{self, Cast, Process, Row, Subject};

const PATIENCE: Duration = Duration::from_secs(30);
const WARM: Duration = Duration::from_secs(5);
/// A Janus session ends after a minute without a word.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
const PLUGIN: &str = "janus.plugin.videoroom";
/// Everything else that Debian ships: some of it opens ports, none of it is measured.
const UNUSED_PLUGINS: &str = "libjanus_streaming.so,libjanus_audiobridge.so,libjanus_echotest.so,libjanus_nosip.so,libjanus_recordplay.so,\
                              libjanus_sip.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so";
const UNUSED_TRANSPORTS: &str =
    "libjanus_http.so,libjanus_pfunix.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_rabbitmq.so";

/// A running Janus, ended with this.
struct Janus {
    child: Child,
    socket: WebSocket<TcpStream>,
    session: u64,
    last: u64,
    spoke_at: Instant,
}

impl Drop for Janus {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs `rooms` interviews on Janus at `address`, pinned to the first core.
///
/// # Errors
/// Janus is not installed, does not come up, or somebody never connects.
pub fn run(address: IpAddr, rooms: usize, recorded: bool, span: Duration, clip: &Arc<Clip>) -> Result<Row, Failure> {
    let folder = tempfile::tempdir()?;
    let mut janus = Janus::start(folder.path(), address)?;
    let process = Process(janus.child.id());
    let idle_mb = process.resident_mb()?;
    let mut crowd = Crowd::at(address)?;
    let mut cast = Cast { publishers: Vec::new(), listeners: Vec::new() };
    let manager = janus.attach(&mut crowd)?;
    let mut early_mb = idle_mb;
    for number in 1..=rooms {
        if number == load::early_rooms(rooms) + 1 {
            janus.wait(WARM, &mut crowd)?;
            early_mb = process.resident_mb()?;
        }
        let create = json!({
            "request": "create", "room": number, "publishers": 2, "videocodec": "h264", "audiocodec": "opus", "h264_profile": "42e01f",
            "record": recorded, "rec_dir": folder.path(), "bitrate": 0, "fir_freq": 2, "permanent": false
        });
        janus.ask_plugin(manager, &create, None, &mut crowd)?;
        let first = janus.publish(number, &mut crowd, clip)?;
        let second = janus.publish(number, &mut crowd, clip)?;
        cast.publishers.extend([first.client, second.client]);
        for feed in [&first.feed, &second.feed] {
            cast.listeners.push(janus.subscribe(number, feed, &mut crowd, clip)?);
        }
        janus.keep_alive()?;
    }
    // Threads that Janus starts later inherit the core of the ones that start them.
    process.pin(0)?;
    janus.wait(WARM, &mut crowd)?;
    load::window(
        Subject {
            server: "janus",
            process,
            idle_mb,
            early_mb,
            rooms,
            recorded,
            packets_per_second: load::packets_per_second(clip),
        },
        span,
        &mut crowd,
        &cast,
        |_| janus.keep_alive(),
    )
}

struct Publisher {
    client: usize,
    feed: Value,
}

impl Janus {
    fn start(folder: &Path, address: IpAddr) -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        fs::write(
            folder.join("janus.jcfg"),
            format!(
                "general: {{ debug_level = 2 }}\nmedia: {{ ipv6 = false\nrtp_port_range = \"20000-60000\" }}\n\
                 nat: {{ ice_lite = true\nice_tcp = false\nfull_trickle = false\nice_enforce_list = \"{address}\" }}\n\
                 plugins: {{ disable = \"{UNUSED_PLUGINS}\" }}\ntransports: {{ disable = \"{UNUSED_TRANSPORTS}\" }}\n"
            ),
        )?;
        fs::write(folder.join("janus.plugin.videoroom.jcfg"), "general: { }\n")?;
        fs::write(
            folder.join("janus.transport.websockets.jcfg"),
            format!(
                "general: {{ json = \"compact\"\nws = true\nws_port = {port}\nws_ip = \"127.0.0.1\"\nwss = false }}\nadmin: {{ admin_ws = false }}\n"
            ),
        )?;
        let log = fs::File::create(folder.join("janus.log"))?;
        let child = Command::new("janus")
            .arg(format!("--configs-folder={}", folder.display()))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .map_err(|error| format!("janus: {error}; ./dev bench installs it"))?;
        let socket = connect(port).map_err(|error| {
            let log = fs::read_to_string(folder.join("janus.log")).unwrap_or_default();
            format!("janus did not come up: {error}\n{log}")
        })?;
        let mut janus = Self { child, socket, session: 0, last: 0, spoke_at: Instant::now() };
        let created = janus.request(json!({"janus": "create"}), None)?;
        janus.session = created["data"]["id"].as_u64().ok_or("janus makes a session")?;
        Ok(janus)
    }

    fn attach(&mut self, crowd: &mut Crowd) -> Result<u64, Failure> {
        let attached = self.request(json!({"janus": "attach", "plugin": PLUGIN}), Some(crowd))?;
        attached["data"]["id"].as_u64().ok_or_else(|| format!("janus attaches a handle, but: {attached}").into())
    }

    fn publish(&mut self, room: usize, crowd: &mut Crowd, clip: &Arc<Clip>) -> Result<Publisher, Failure> {
        let handle = self.attach(crowd)?;
        let joined =
            self.ask_plugin(handle, &json!({"request": "join", "ptype": "publisher", "room": room}), None, crowd)?;
        let feed = joined["plugindata"]["data"]["id"].clone();
        let client = add(crowd, clip, true)?;
        let sdp = crowd.client(client).offer();
        let published = self.ask_plugin(
            handle,
            &json!({"request": "publish", "audiocodec": "opus", "videocodec": "h264"}),
            Some(json!({"type": "offer", "sdp": sdp})),
            crowd,
        )?;
        let answer = published["jsep"]["sdp"].as_str().ok_or_else(|| format!("janus answers, but: {published}"))?;
        crowd.client(client).accept_answer(answer);
        let began = Instant::now();
        while crowd.client(client).connected_at().is_none() {
            if began.elapsed() > PATIENCE {
                return Err("a publisher never connected to janus".into());
            }
            crowd.run_for(Duration::from_millis(5))?;
        }
        Ok(Publisher { client, feed })
    }

    fn subscribe(&mut self, room: usize, feed: &Value, crowd: &mut Crowd, clip: &Arc<Clip>) -> Result<usize, Failure> {
        let handle = self.attach(crowd)?;
        let join = json!({"request": "join", "ptype": "subscriber", "room": room, "feed": feed});
        let began = Instant::now();
        let attached = loop {
            match self.ask_plugin(handle, &join, None, crowd) {
                Ok(attached) => break attached,
                // A publisher knows that it is connected a moment before Janus does.
                Err(refusal) if refusal.to_string().contains("No such feed") && began.elapsed() < PATIENCE => {
                    crowd.run_for(Duration::from_millis(20))?;
                }
                Err(refusal) => return Err(refusal),
            }
        };
        let offer = attached["jsep"]["sdp"].as_str().ok_or_else(|| format!("janus offers, but: {attached}"))?;
        let client = add(crowd, clip, false)?;
        let answer = crowd.client(client).accept_offer(offer);
        self.ask_plugin(handle, &json!({"request": "start"}), Some(json!({"type": "answer", "sdp": answer})), crowd)?;
        let began = Instant::now();
        while crowd.client(client).heard().iter().map(|heard| heard.packets).sum::<u64>() == 0 {
            if began.elapsed() > PATIENCE {
                return Err("a subscriber never heard anything from janus".into());
            }
            crowd.run_for(Duration::from_millis(5))?;
        }
        Ok(client)
    }

    /// A message to the plugin and the event that answers it.
    fn ask_plugin(
        &mut self,
        handle: u64,
        body: &Value,
        jsep: Option<Value>,
        crowd: &mut Crowd,
    ) -> Result<Value, Failure> {
        let mut message = json!({"janus": "message", "handle_id": handle, "body": body});
        if let Some(jsep) = jsep {
            message["jsep"] = jsep;
        }
        let answer = self.request(message, Some(crowd))?;
        let error = &answer["plugindata"]["data"]["error"];
        if error.is_null() { Ok(answer) } else { Err(format!("janus refuses: {error}").into()) }
    }

    /// Sends a request and waits for what answers it, past acknowledgements and news.
    fn request(&mut self, mut request: Value, mut crowd: Option<&mut Crowd>) -> Result<Value, Failure> {
        self.last += 1;
        let transaction = self.last.to_string();
        request["transaction"] = json!(transaction);
        if self.session != 0 {
            request["session_id"] = json!(self.session);
        }
        self.socket.send(Message::text(request.to_string()))?;
        self.spoke_at = Instant::now();
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    let frame: Value = serde_json::from_str(&text)?;
                    if frame["transaction"] == json!(transaction) && frame["janus"] != "ack" {
                        return if frame["janus"] == "error" {
                            Err(format!("janus: {frame}").into())
                        } else {
                            Ok(frame)
                        };
                    }
                }
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    match &mut crowd {
                        Some(crowd) => crowd.run_for(Duration::from_millis(2))?,
                        None => std::thread::sleep(Duration::from_millis(2)),
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(format!("janus does not answer {request}").into())
    }

    fn wait(&mut self, span: Duration, crowd: &mut Crowd) -> Result<(), Failure> {
        let began = Instant::now();
        while began.elapsed() < span {
            crowd.run_for(Duration::from_millis(200))?;
            self.keep_alive()?;
        }
        Ok(())
    }

    fn keep_alive(&mut self) -> Result<(), Failure> {
        if self.spoke_at.elapsed() > KEEP_ALIVE {
            self.last += 1;
            let ping = json!({"janus": "keepalive", "session_id": self.session, "transaction": self.last.to_string()});
            self.socket.send(Message::text(ping.to_string()))?;
            self.spoke_at = Instant::now();
        }
        Ok(())
    }
}

fn add(crowd: &mut Crowd, clip: &Arc<Clip>, publishes: bool) -> Result<usize, Failure> {
    let offset = u32::try_from(crowd.len()).unwrap_or(0).wrapping_mul(7_919);
    let clip = clip.clone();
    let client = crowd.add_udp(|local| {
        let config = ClientConfig { keep: false, rtp_offset: offset, ..ClientConfig::new(local, clip) };
        if publishes { config } else { ClientConfig { publish: Vec::new(), ..config } }
    })?;
    Ok(client)
}

fn connect(port: u16) -> Result<WebSocket<TcpStream>, Failure> {
    let began = Instant::now();
    let stream = loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => break stream,
            Err(error) if began.elapsed() > PATIENCE => return Err(error.into()),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    let mut request = format!("ws://127.0.0.1:{port}/").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("janus-protocol"));
    let (socket, _) = tungstenite::client(request, stream).map_err(|error| error.to_string())?;
    socket.get_ref().set_nonblocking(true)?;
    Ok(socket)
}
