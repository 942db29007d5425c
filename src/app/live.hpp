// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Tells open pages what happened, by following the sealed log: so also what timers did by
/// themselves and what other processes wrote. Nothing is kept: a page that was not there asks anew.
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "area/area.hpp"
#include "catalogue/catalogue.hpp"
#include "http/stream.hpp"
#include "store/change.hpp"

namespace linli::app {

class Live {
 public:
    /// Tells what is sealed from here on.
    Live(store::Database&, store::Sealer&, std::shared_ptr<const catalogue::Catalogue>, area::Areas&, http::Streams&);
    ~Live();
    void start();
    void stop();
    /// Tells what is sealed while the caller waits.
    void catch_up();
    /// Tells that figures of areas, as filed, have changed; none among them = anywhere.
    void tell_figures(const std::vector<AreaId>&) const;

 private:
    struct News {
        std::string kind;
        RecordId record;  ///< none = several
        AreaId area;
        std::string state;
        AccountId author;
    };
    /// Shared with the sealer's listener, which may outlive this.
    struct Signal {
        std::mutex mutex;
        std::condition_variable_any woken;
        bool wanted = false;
    };
    using Positions = std::map<County, std::int64_t>;
    bool tell_some();
    void add_news(store::Tx&, const std::vector<store::SealedChange>& lines, std::vector<News>& to)
        const;
    void tell(const News&) const;
    void run(std::stop_token);

    store::Database& m_database;
    std::shared_ptr<const catalogue::Catalogue> m_catalogue;
    area::Areas& m_areas;
    http::Streams& m_streams;
    std::shared_ptr<Signal> m_signal = std::make_shared<Signal>();
    std::mutex m_telling;  ///< of the positions
    Positions m_positions;
    std::jthread m_thread;
};

}  // namespace linli::app
